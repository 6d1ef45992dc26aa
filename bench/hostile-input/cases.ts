import * as fc from "fast-check";
import type { Technique } from "../../techniques/technique.ts";
import { byteEdits, passages, type ByteEdit, type Passage } from "./bytes.ts";
import { farClaims, nearClaims, type Claim } from "./claims.ts";

/** One hostile client, as plain data: with a fresh ring of credentials it can be made again. */
export type HostileCase = ConnectionCase | InsideCase | RouteCase;

/** Somebody who is not to be let in opens a connection. */
export interface ConnectionCase {
  readonly kind: "connection";
  readonly claim: Claim;
  /** What forbids to let the client in although its claim is good; null: the claim is not. */
  readonly flaw: Flaw | null;
  /** As in Around. */
  readonly isRaw: boolean;
  /** On the technique's own port, or below its path on the app's. */
  readonly place: Place;
  /** The attempt that the request says it belongs to: one that is open, or a made up one. */
  readonly attempt: "none" | "open" | Passage;
  readonly head: readonly HeadEdit[];
  readonly messages: readonly MessageEdit[];
  readonly end: End;
}

/** Somebody who was let in goes on with what nobody expects. */
export interface InsideCase {
  readonly kind: "inside";
  readonly place: Place;
  readonly frames: readonly HostileFrame[];
  readonly end: End;
}

/** Somebody asks the technique's routes. */
export interface RouteCase {
  readonly kind: "route";
  readonly place: Place;
  readonly method: string;
  readonly path: Passage;
  /** In the body, and in the technique's cookie. */
  readonly claim: Claim;
  readonly body: "secret" | "wish to sign" | "wish to join" | Passage;
  readonly changes: readonly ByteEdit[];
  readonly type: Passage;
  readonly framing: "length" | "chunked" | "longer" | "shorter";
  readonly head: readonly HeadEdit[];
}

export type Place = "own" | "shared";

/** How the client leaves: when the server has ended it or says nothing, with a close frame, with an end of its bytes, or with a reset. */
export type End = "wait" | "close" | "leave" | "reset";

/** A reason to refuse a credential that is good. */
export type Flaw =
  | { readonly flaw: "origin"; readonly value: string }
  | { readonly flaw: "host"; readonly value: string }
  | { readonly flaw: "field"; readonly name: string; readonly value: string }
  | { readonly flaw: "method"; readonly value: string }
  | { readonly flaw: "size" }
  /** Carried as another technique does. */
  | { readonly flaw: "elsewhere"; readonly technique: string };

/** A change to a request's head. `field`: which header, from 0, counted round. */
export type HeadEdit =
  | { readonly edit: "bytes"; readonly change: ByteEdit }
  | { readonly edit: "repeat" | "drop"; readonly field: number }
  | { readonly edit: "set"; readonly field: number; readonly value: Passage }
  | { readonly edit: "add"; readonly name: string; readonly value: Passage }
  | { readonly edit: "target" | "more-target"; readonly passage: Passage }
  | { readonly edit: "method"; readonly value: string }
  | { readonly edit: "line-ends"; readonly value: "\n" | "\r" | "\r\n " };

/** A change to what a client says first. `message`: which, from 0, counted round. */
export type MessageEdit =
  | { readonly edit: "payload"; readonly message: number; readonly change: ByteEdit }
  | { readonly edit: "twice"; readonly message: number }
  | { readonly edit: "other-kind"; readonly message: number }
  | { readonly edit: "before" | "instead"; readonly message: number; readonly frame: HostileFrame };

/** A frame with a payload that may be large. */
export interface HostileFrame {
  readonly opcode: number;
  readonly payload: Passage;
  readonly isFinal: boolean;
  readonly reserved: number;
  readonly isMasked: boolean;
  /** More than it has, or fewer; null: what it has. */
  readonly saidLength: number | null;
}

/** What clients of all protocols say. */
const words: readonly string[] = [
  '{"token":""}',
  '{"token":{"a":1}}',
  '{"token":"a","token":"b"}',
  '{"token":"\\ud800"}',
  '{"__proto__":{"token":"a"}}',
  '{"renew":"a"}',
  '{"renew":null}',
  '{"id":"","proof":"0000000000000000000000000000000000000000000000000000000000000000"}',
  '{"id":"__proto__","proof":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}',
  "{}",
  '{"join":"lobby"}',
  '{"join":"lobby","grant":"AAAAAAAAAAAA.0000000000000000000000000000000000000000000000000000000000000000"}',
  '{"say":"hello"}',
  "CONNECT\n\n\0",
  "STOMP\nlogin:\npasscode:\n\n\0",
  "CONNECT\ncontent-length:-1\n\n\0",
  "CONNECT\nlogin:__proto__\npasscode:a\n\n\0\n\n",
  "SUBSCRIBE\nid:1\n\n\0",
  "SEND\ndestination:/conversation\n\nGoodbye alice.\0",
  '{"type":"connection_init"}',
  '{"type":"connection_init","payload":{"user":1,"token":[]}}',
  '{"type":"connection_init","payload":null}',
  '{"type":"ping"}',
  '{"id":"2","type":"subscribe","payload":{"query":"subscription { said }"}}',
  '{"id":"2","type":"subscribe","payload":{"query":"{ __schema { types { name } } }"}}',
  '{"id":"2","type":"subscribe","payload":{"query":"mutation { say(text: 1) }"}}',
  '{"id":"2","type":"subscribe","payload":{"query":"{","variables":[]}}',
  '{"id":"1","type":"complete"}',
  "0",
  "1",
  "2",
  "3",
  "40",
  "40{",
  "40null",
  '40{"token":1}',
  "40/admin,{}",
  "41",
  '42["message"]',
  '42["message",{"a":1}]',
  '42["__proto__"]',
  '451-["message",{"_placeholder":true,"num":0}]',
  '451-["message",{"_placeholder":true,"num":99}]',
  "\x10\x02\0\x04",
  "\x10\x10\0\x04MQTT\x05\xc2\0\x3c\0\0\x01a\0\0\0\0",
  "\x10\x0d\0\x04MQTT\x04\0\0\x3c\0\x01a",
  "\x10\x0d\0\x04MQTT\x05\0\0\x3c\0\0\0",
  "\xc0\0",
  "\xe0\0",
  "\x30\x05\0\x01aab",
  "\x82\x06\0\x01\0\x01a\0",
  "\xff\xff\xff\xff\xff",
];

const message = fc.nat({ max: 3 });
const field = fc.nat({ max: 11 });

const frames: fc.Arbitrary<HostileFrame> = fc.record({
  opcode: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(1, 2) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 15 }) },
  ),
  payload: fc.oneof(
    fc.constantFrom(...words).map((text) => ({ text, times: 1 })),
    passages,
  ),
  isFinal: mostly(true),
  reserved: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 7 }) },
  ),
  isMasked: mostly(true),
  saidLength: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 125, 126, 65_535, 65_536, 2 ** 31, 2 ** 52) },
  ),
});

const names = fc.constantFrom(
  "Cookie",
  "Authorization",
  "Origin",
  "Host",
  "Sec-WebSocket-Protocol",
  "Sec-WebSocket-Extensions",
  "Sec-WebSocket-Key",
  "Sec-WebSocket-Version",
  "Content-Length",
  "Content-Type",
  "Content-Encoding",
  "Transfer-Encoding",
  "Connection",
  "Upgrade",
  "Expect",
  "Accept",
  "Referer",
  "User-Agent",
  "X-Forward-Auth",
  "X-Forwarded-Proto",
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "Forwarded",
  "If-None-Match",
  "If-Modified-Since",
  "Range",
  "__proto__",
  "X-\0",
  "",
);

/** Content types, of which some are hardly ever seen. */
export const types: fc.Arbitrary<Passage> = fc
  .constantFrom(
    "text/plain; charset=utf-16",
    "text/plain; charset=utf-16be",
    "text/plain; charset=utf-32",
    "text/plain; charset=utf-7",
    "text/plain; charset=cesu-8",
    "text/plain; charset=koi8-r",
    "text/plain; charset=base64",
    "text/plain; charset=x",
    "text/plain; charset=",
    "text/plain; charset=utf-8; charset=utf-16",
    "text/plain;;;",
    "application/json",
    "multipart/form-data; boundary=a",
  )
  .map((text) => ({ text, times: 1 }));

/** What says something of a request that nobody expects. */
const values = fc.oneof(
  passages,
  types,
  fc
    .constantFrom(
      "gzip",
      "br",
      "gzip, gzip",
      "identity",
      "chunked",
      "chunked, identity",
      "100-continue",
      "localhost:99999",
      "localhost:0",
      "localhost:",
      "[::1]:80",
      "[127.0.0.1]",
      "[::ffff:127.0.0.1]",
      "t1.localhost",
      "-.localhost",
      "xn--.localhost",
      "example.com",
      "https",
      "https,http",
      "https://[",
      "a=b; a=b",
      'a="b',
      "bytes=0-0,-1",
      "Basic =",
      "Basic YWxpY2U",
      "Basic YWxpY2U6",
      "Basic OmE=",
      "Bearer",
      "Bearer a b",
      "permessage-deflate; client_max_window_bits=99",
      "websocket-auth-lab, bearer.",
      "websocket-auth-lab, bearer.a, bearer.b",
      "a,,b",
      "999999999999999999999999",
      "0x10",
      "-1",
    )
    .map((text) => ({ text, times: 1 })),
);

/** Methods that hardly anybody uses. */
export const methods: fc.Arbitrary<string> = fc.constantFrom(
  "POST",
  "HEAD",
  "OPTIONS",
  "CONNECT",
  "TRACE",
  "PRI",
  "get",
  "",
);

/** One change to a request's head. */
export const headEdits: fc.Arbitrary<HeadEdit> = fc.oneof(
  fc.record({ edit: fc.constant("bytes" as const), change: byteEdits }),
  fc.record({ edit: fc.constantFrom("repeat" as const, "drop" as const), field }),
  fc.record({ edit: fc.constant("set" as const), field, value: values }),
  {
    weight: 3,
    arbitrary: fc.record({ edit: fc.constant("add" as const), name: names, value: values }),
  },
  fc.record({
    edit: fc.constantFrom("target" as const, "more-target" as const),
    passage: passages,
  }),
  fc.record({ edit: fc.constant("method" as const), value: methods }),
  fc.record({
    edit: fc.constant("line-ends" as const),
    value: fc.constantFrom("\n" as const, "\r" as const, "\r\n " as const),
  }),
);

/** Leaves alone what carries the credential. */
const harmlessHeadEdit: fc.Arbitrary<HeadEdit> = fc.oneof(
  fc.record({ edit: fc.constant("repeat" as const), field }),
  fc.record({
    edit: fc.constant("add" as const),
    name: fc.constantFrom("User-Agent", "Referer", "Accept", "X-Forwarded-For", "X-Unknown"),
    value: values,
  }),
);

const messageEdits: fc.Arbitrary<MessageEdit> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ edit: fc.constant("payload" as const), message, change: byteEdits }),
  },
  fc.record({ edit: fc.constantFrom("twice" as const, "other-kind" as const), message }),
  {
    weight: 2,
    arbitrary: fc.record({
      edit: fc.constantFrom("before" as const, "instead" as const),
      message,
      frame: frames,
    }),
  },
);

const ends: fc.Arbitrary<End> = fc.oneof(
  { weight: 5, arbitrary: fc.constant("wait" as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("close" as const, "leave" as const, "reset" as const),
  },
);

const places = fc.constantFrom("own" as const, "shared" as const);
const attempts: fc.Arbitrary<ConnectionCase["attempt"]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("none" as const) },
  { weight: 1, arbitrary: fc.constant("open" as const) },
  { weight: 1, arbitrary: passages },
);

/** Hostile clients of one technique's server. */
export function casesOf(
  technique: Technique,
  all: readonly Technique[],
): fc.Arbitrary<HostileCase> {
  const isOfMessages = technique.stage === "first-message";
  const common = { kind: fc.constant("connection" as const), place: places, end: ends };
  const none = fc.constant([]);
  const far = fc.record({
    ...common,
    claim: farClaims,
    flaw: fc.constant(null),
    isRaw: mostly(false),
    attempt: attempts,
    // Most of what is said first ought to be heard.
    head: fc.oneof(
      { weight: isOfMessages ? 3 : 1, arbitrary: none },
      { weight: 1, arbitrary: fc.array(headEdits, { minLength: 1, maxLength: 2 }) },
    ),
    messages: isOfMessages ? fc.array(messageEdits, { maxLength: 3 }) : none,
  });
  const near = fc.record({
    ...common,
    claim: nearClaims.filter((claim) => isFit(claim, technique)),
    flaw: fc.constant(null),
    isRaw: fc.constant(false),
    attempt: attempts,
    head: fc.array(harmlessHeadEdit, { maxLength: 2 }),
    messages: none,
  });
  const flawed = fc.record({
    ...common,
    claim: fc.constant({ claim: "good" as const }),
    flaw: flawsOf(technique, all),
    isRaw: fc.constant(false),
    attempt: attempts,
    head: fc.array(harmlessHeadEdit, { maxLength: 1 }),
    messages: none,
  });
  const inside = fc.record({
    kind: fc.constant("inside" as const),
    place: places,
    frames: fc.array(frames, { minLength: 1, maxLength: 4 }),
    end: ends,
  });
  return fc.oneof(
    { weight: 50, arbitrary: far },
    { weight: 15, arbitrary: near },
    { weight: 10, arbitrary: flawed },
    // Each needs a grant of its own, which the lab remembers for a minute.
    { weight: technique.via === "grant" ? 1 : isOfMessages ? 10 : 3, arbitrary: inside },
    { weight: technique.routes === undefined ? 3 : 20, arbitrary: routes },
  );
}

/** Whether a claim is none of a good credential for this technique. */
function isFit({ claim }: Claim, { via }: Technique): boolean {
  // Where no name comes with it, the token of somebody else is simply theirs.
  const named = ["authorization: basic", "CONNECT frame", "CONNECT packet", "connection_init"];
  return claim !== "somebody-else" || named.includes(via);
}

function flawsOf(technique: Technique, all: readonly Technique[]): fc.Arbitrary<Flaw> {
  const hosts = [
    "",
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "localhost@evil.example",
    "evil.example#localhost",
    "localhost evil.example",
    "127.0.0.1.evil.example",
    "[::1].evil.example",
    "localhost..",
    "0x7f.1",
    "\xc2\xaalocalhost",
  ];
  const origins = [
    "",
    "null",
    "http://evil.example",
    "http://localhost",
    "http://localhost:1",
    "https://localhost:1",
    "http://localhost.evil.example",
    "file://",
    "\xff",
  ];
  const fields = [
    ["Sec-WebSocket-Version", "12"],
    ["Sec-WebSocket-Version", "13, 13"],
    ["Sec-WebSocket-Key", ""],
    ["Sec-WebSocket-Key", "c2hvcnQ="],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==="],
    ["Sec-WebSocket-Protocol", "a,,b"],
    ["Sec-WebSocket-Protocol", "a, a"],
    ["Upgrade", "h2c"],
    ["Upgrade", "websocket, h2c"],
    ["Connection", "close"],
  ] as const;
  // Two may differ in what a proxy or a browser does, and read the same.
  const others = all
    .filter(
      ({ via, cookie }) =>
        via !== technique.via || (via === "cookie" && cookie !== technique.cookie),
    )
    .map(({ id }) => id);
  return fc.oneof(
    fc.constantFrom(...hosts).map((value) => ({ flaw: "host" as const, value })),
    fc.constantFrom(...fields).map(([name, value]) => ({ flaw: "field" as const, name, value })),
    fc.constantFrom("POST", "HEAD", "PUT").map((value) => ({ flaw: "method" as const, value })),
    fc.constant({ flaw: "size" as const }),
    fc.constantFrom(...others).map((id) => ({ flaw: "elsewhere" as const, technique: id })),
    ...(technique.checksOrigin === true
      ? [fc.constantFrom(...origins).map((value) => ({ flaw: "origin" as const, value }))]
      : []),
  );
}

const routes: fc.Arbitrary<RouteCase> = fc.record({
  kind: fc.constant("route" as const),
  place: places,
  method: fc.oneof({ weight: 6, arbitrary: fc.constantFrom("GET", "POST") }, methods),
  path: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .constantFrom(
          ..."login logout cookie ticket sign grant auth prime frame frame.html frame.ts page.json".split(
            " ",
          ),
        )
        .map((text) => ({ text, times: 1 })),
    },
    passages,
  ),
  claim: fc.oneof(nearClaims, farClaims).filter(
    // These are good for a trade.
    ({ claim }) => claim !== "somebody-else" && claim !== "unexchanged",
  ),
  body: fc.oneof(
    fc.constantFrom("secret" as const, "wish to sign" as const, "wish to join" as const),
    passages,
  ),
  changes: fc.array(byteEdits, { maxLength: 2 }),
  type: fc.oneof(
    { weight: 2, arbitrary: fc.constant({ text: "text/plain", times: 1 }) },
    { weight: 1, arbitrary: types },
    { weight: 1, arbitrary: passages },
  ),
  framing: fc.constantFrom(
    "length" as const,
    "length" as const,
    "chunked" as const,
    "longer" as const,
    "shorter" as const,
  ),
  head: fc.array(headEdits, { maxLength: 2 }),
});

/** Whether a claim is near a good one; see `nearClaims`. */
export function isNear({ claim }: Claim): boolean {
  return [
    "shorter",
    "longer",
    "changed",
    "doubled",
    "other-case",
    "wrong-key",
    "somebody-else",
  ].includes(claim);
}

function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(value) },
    { weight: 1, arbitrary: fc.constant(!value) },
  );
}
