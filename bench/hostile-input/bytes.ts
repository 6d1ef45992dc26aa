import * as fc from "fast-check";

/** A string of one character a byte, as JSON can carry any bytes. */
export type Bytes = string;

/** Bytes that may be many: `text` that many times. */
export interface Passage {
  readonly text: Bytes;
  readonly times: number;
}

/** One change to bytes. `at`: where, in thousandths of their length. */
export type ByteEdit =
  | { readonly edit: "flip"; readonly at: number; readonly bit: number }
  | { readonly edit: "insert"; readonly at: number; readonly passage: Passage }
  | { readonly edit: "delete"; readonly at: number; readonly count: number }
  | { readonly edit: "double"; readonly at: number; readonly count: number }
  | { readonly edit: "cut"; readonly at: number };

/** What parsers have been seen to fall over; each as bytes. */
const nasty: readonly Bytes[] = [
  "",
  " ",
  "\0",
  "\r\n",
  "\n",
  "\r\n\r\n",
  "\t",
  ",",
  ";",
  "=",
  "%",
  "%00",
  "%0d%0a",
  "%zz",
  "%e0%a4",
  "%25",
  "%2e%2e%2f",
  "+",
  "&",
  "?",
  "#",
  "/",
  "//",
  "../",
  "..\\",
  '"',
  "'",
  "\\",
  "\\u0000",
  "\\ud800",
  "<script>",
  "${7*7}",
  "{}",
  "[]",
  "[",
  '{"a":',
  "{a",
  "null",
  "true",
  "-1",
  "1e999",
  "NaN",
  "__proto__",
  "constructor",
  "toString",
  // An UTF-8 byte order mark, characters beyond ASCII, half a character, one too long, and half a surrogate pair.
  "\xef\xbb\xbf",
  "\xc3\xbc\xf0\x9f\x98\x80",
  "\xc3",
  "\xc0\xaf",
  "\xed\xa0\x80",
  "\xff\xfe",
  // Written from right to left, and of no width.
  "\xe2\x80\xae",
  "\xe2\x80\x8b",
  "\x1b[2J",
  "Hello alice!",
  "eyJhbGciOiJub25lIn0.eyJqdGkiOiIjMSIsInN1YiI6ImFsaWNlIn0.",
];

const byteStrings: fc.Arbitrary<Bytes> = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));

/** Text of any kind, from nothing to more than is ever taken. */
export const passages: fc.Arbitrary<Passage> = fc.record({
  text: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...nasty) },
    { weight: 1, arbitrary: fc.string({ maxLength: 40 }).map(utf8) },
    { weight: 1, arbitrary: byteStrings },
  ),
  times: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 2, max: 200 }) },
    { weight: 1, arbitrary: fc.constantFrom(1_000, 5_000, 20_000) },
  ),
});

const at = fc.integer({ min: 0, max: 999 });
const count = fc.integer({ min: 1, max: 40 });

/** One change of any kind. */
export const byteEdits: fc.Arbitrary<ByteEdit> = fc.oneof(
  fc.record({ edit: fc.constant("flip" as const), at, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ edit: fc.constant("insert" as const), at, passage: passages }),
  fc.record({ edit: fc.constant("delete" as const), at, count }),
  fc.record({ edit: fc.constant("double" as const), at, count }),
  fc.record({ edit: fc.constant("cut" as const), at }),
);

/** Nobody sends more than that; a server's limits are far below. */
const maxBytes = 100_000;

/** The bytes that a passage stands for. */
export function bytesOf({ text, times }: Passage): Bytes {
  return text.repeat(Math.min(times, Math.ceil(maxBytes / Math.max(1, text.length))));
}

/** Text as bytes; half a surrogate pair becomes U+FFFD. */
export function utf8(text: string): Bytes {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The bytes with the changes made, one after the other. */
export function edited(bytes: Bytes, edits: readonly ByteEdit[]): Bytes {
  return edits.reduce((before, edit) => apply(before, edit), bytes);
}

function apply(bytes: Bytes, edit: ByteEdit): Bytes {
  const place = Math.floor((edit.at / 1_000) * bytes.length);
  const [head, tail] = [bytes.slice(0, place), bytes.slice(place)];
  switch (edit.edit) {
    case "flip":
      return tail === ""
        ? head
        : `${head}${String.fromCharCode(tail.charCodeAt(0) ^ (1 << edit.bit))}${tail.slice(1)}`;
    case "insert":
      return `${head}${bytesOf(edit.passage)}${tail}`;
    case "delete":
      return `${head}${tail.slice(edit.count)}`;
    case "double":
      return `${head}${tail.slice(0, edit.count)}${tail}`;
    case "cut":
      return head;
  }
}
