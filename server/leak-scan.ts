import type { Serial, TokenEncoding } from "../model/observation.ts";
import { isJsonWebToken } from "./json-web-tokens.ts";

/** A secret that is looked for, with its public name. */
export interface Canary {
  readonly serial: Serial;
  readonly secret: string;
}

/** Where a secret was found: how it was written, and the line around it with every secret hidden. */
export interface Leak {
  readonly serial: Serial;
  readonly encoding: TokenEncoding;
  readonly excerpt: string;
}

/** Bytes, as a string of one character each, and which characters of the line each of them comes from: asked about hits only. */
interface View {
  readonly bytes: string;
  from(at: number): number;
  to(at: number): number;
  /** The outermost encoding that was undone; base64 hides more than percent-encoding, and counts before it. */
  readonly encoding: "raw" | "percent" | "base64" | "base64url";
}

interface Needle {
  readonly serial: Serial;
  readonly bytes: string;
  /** What else of the secret follows, where the rest is not needed to recognise it. */
  readonly rest: string;
}

interface Hit {
  readonly serial: Serial;
  readonly start: number;
  readonly end: number;
  readonly encoding: TokenEncoding;
}

/** From the most to the least readable. */
const encodings: readonly TokenEncoding[] = ["raw", "percent", "base64", "base64url"];
/** Shorter ones would be found by chance. */
const minNeedleBytes = 8;
/** Of a long secret, so that it is found in a text that was cut, too. */
const headBytes = 64;
const longBytes = 512;
const maxDepth = 3;
const maxExcerpt = 200;
const before = 90;

/**
 * Looks for secrets as they are, percent-encoded, and in base64 or base64url at any alignment, whatever
 * is around them and one within the other. Of a JSON Web Token each part counts. Null: there is none.
 */
export function findLeak(text: string, canaries: readonly Canary[]): Leak | null {
  const needles = canaries.flatMap(needlesOf);
  let plainest: { readonly line: string; readonly hits: readonly Hit[]; readonly hit: Hit } | null =
    null;
  for (const line of text.split(/[\r\n]+/u)) {
    const hits = hitsIn(bytesOf(line), needles);
    const [hit] = hits.toSorted((a, b) => rank(a) - rank(b) || a.start - b.start);
    if (hit !== undefined && (plainest === null || rank(hit) < rank(plainest.hit))) {
      plainest = { line: bytesOf(line), hits, hit };
    }
  }
  if (plainest === null) return null;
  const { serial, encoding } = plainest.hit;
  return { serial, encoding, excerpt: excerptOf(plainest.line, plainest.hits, needles) };
}

/**
 * The secrets that a line holds, however they are written. `knownIn` says which ones a text
 * holds as they are: it is asked about the line, and about whatever that may be decoded to.
 */
export function secretsIn(
  line: string,
  knownIn: (text: string) => readonly Canary[],
): readonly Canary[] {
  const found = [...viewsOf(bytesOf(line))].flatMap(({ bytes }) => knownIn(bytes));
  return [...new Map(found.map((canary) => [canary.secret, canary])).values()];
}

/** The line with every secret in it, however it is written, replaced by its public name: `‹#12›`. Nothing but `…` is left of a line that cannot be shown. */
export function hideSecrets(line: string, canaries: readonly Canary[]): string {
  const needles = canaries.flatMap(needlesOf);
  const bytes = bytesOf(line);
  const hits = hitsIn(bytes, needles);
  if (hits.length === 0) return line;
  const { text, left } = hide(bytes, hits, needles, (serial) => `‹${serial}›`);
  return left === undefined ? text : "…";
}

function rank({ encoding }: Pick<Hit, "encoding">): number {
  return encodings.indexOf(encoding);
}

function needlesOf({ serial, secret }: Canary): Needle[] {
  const parts = isJsonWebToken(secret) ? [secret, ...secret.split(".").slice(1)] : [secret];
  return parts.flatMap((part) => {
    const bytes = bytesOf(part);
    // Header fields are bytes, which Node reads as characters of ISO 8859-1 each.
    const variants = new Set([bytes, bytesOf(bytes)]);
    return [...variants]
      .filter((variant) => variant.length >= minNeedleBytes)
      .map((variant): Needle => {
        const head = variant.length > longBytes ? headBytes : variant.length;
        return { serial, bytes: variant.slice(0, head), rest: variant.slice(head) };
      });
  });
}

function hitsIn(line: string, needles: readonly Needle[]): Hit[] {
  return [...viewsOf(line)].flatMap((view) => needles.flatMap((needle) => hitsOf(needle, view)));
}

/** The line as it is, and as whatever it may be decoded to. */
function* viewsOf(line: string): Generator<View> {
  let views: readonly View[] = [identity(line)];
  for (let depth = 0; depth <= maxDepth && views.length > 0; depth += 1) {
    yield* views;
    views = depth === maxDepth ? [] : views.flatMap(decodingsOf);
  }
}

function hitsOf({ serial, bytes, rest }: Needle, view: View): Hit[] {
  const hits: Hit[] = [];
  for (let at = view.bytes.indexOf(bytes); at !== -1; at = view.bytes.indexOf(bytes, at + 1)) {
    let last = at + bytes.length - 1;
    for (let more = 0; more < rest.length && view.bytes[last + 1] === rest[more]; more += 1) {
      last += 1;
    }
    const { encoding } = view;
    hits.push({ serial, start: view.from(at), end: view.to(last), encoding });
  }
  return hits;
}

function identity(bytes: string): View {
  return { bytes, from: (at) => at, to: (at) => at + 1, encoding: "raw" };
}

function decodingsOf(view: View): View[] {
  return [
    ...escapesUndone(view, /%[\da-f]{2}/giu, "percent"),
    // What logs do to bytes that are not ASCII; it hides nothing.
    ...escapesUndone(view, /\\x[\da-f]{2}/giu, "raw"),
    ...base64Undone(view),
  ];
}

/** Undoes escapes that all end with two hexadecimal digits, and are equally long. */
function escapesUndone(view: View, escape: RegExp, kind: "percent" | "raw"): View[] {
  const escapes = [...view.bytes.matchAll(escape)];
  const [first] = escapes;
  if (first === undefined) return [];
  const shrinks = first[0].length - 1;
  const places = escapes.map(({ index }, earlier) => index - earlier * shrinks);
  const sourceOf = (at: number): number =>
    at + shrinks * places.filter((place) => place < at).length;
  return [
    {
      bytes: view.bytes.replaceAll(escape, (written) =>
        String.fromCharCode(Number.parseInt(written.slice(-2), 16)),
      ),
      from: (at) => view.from(sourceOf(at)),
      to: (at) => view.to(sourceOf(at + 1) - 1),
      encoding: view.encoding === "raw" ? kind : view.encoding,
    },
  ];
}

/** Neither where base64 begins is known, nor at which of three places in a quantum a secret does: four starts cover both. */
function base64Undone(view: View): View[] {
  const views: View[] = [];
  for (const { 0: run, index } of view.bytes.matchAll(/[\w+/-]{12,}/gu)) {
    const encoding = alphabetOf(run, view.bytes[index + run.length] === "=");
    for (let shift = 0; shift < 4; shift += 1) {
      const bytes = Buffer.from(run.slice(shift), "base64").toString("latin1");
      const start = index + shift;
      views.push({
        bytes,
        from: (at) => view.from(start + Math.floor((at * 8) / 6)),
        to: (at) => view.to(start + Math.floor((at * 8 + 7) / 6)),
        encoding,
      });
    }
  }
  return views;
}

/** RFC 4648, 4 and 5. Where both alphabets would do, base64 is what is padded or needs no padding. */
function alphabetOf(run: string, isPadded: boolean): "base64" | "base64url" {
  if (isPadded || /[+/]/u.test(run.slice(1))) return "base64";
  return /[_-]/u.test(run) || run.length % 4 !== 0 ? "base64url" : "base64";
}

/** Throws rather than to show a line that holds a secret. */
function excerptOf(line: string, hits: readonly Hit[], needles: readonly Needle[]): string {
  const { text, left } = hide(line, hits, needles, (serial) => `(token ${serial})`);
  if (left !== undefined) throw new Error(`an excerpt would have shown the token ${left.serial}`);
  return around(text);
}

/** Puts marks in the place of hits; `left`: a secret that is still there. */
function hide(
  line: string,
  hits: readonly Hit[],
  needles: readonly Needle[],
  mark: (serial: Serial) => string,
): { readonly text: string; readonly left: Hit | undefined } {
  const parts: string[] = [];
  let done = 0;
  for (const { serial, start, end } of hits.toSorted((a, b) => a.start - b.start)) {
    if (start >= done) parts.push(line.slice(done, start), bytesOf(mark(serial)));
    done = Math.max(done, end);
  }
  const hidden = [...parts, line.slice(done)].join("");
  return {
    text: Buffer.from(hidden, "latin1").toString("utf8"),
    left: hitsIn(hidden, needles)[0],
  };
}

function around(line: string): string {
  const characters = Array.from(line.trim());
  if (characters.length <= maxExcerpt) return characters.join("");
  const place = Array.from(line.trim().replace(/\(token #\d+\).*$/su, "")).length;
  const start = Math.max(0, Math.min(place - before, characters.length - maxExcerpt));
  const end = Math.min(characters.length, start + maxExcerpt);
  const text = characters.slice(start, end).join("");
  return `${start > 0 ? "…" : ""}${text}${end < characters.length ? "…" : ""}`;
}

function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
