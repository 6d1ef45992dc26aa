import type { Technique } from "../../techniques/technique.ts";
import { bytesOf, edited, type Bytes } from "./bytes.ts";
import type {
  ConnectionCase,
  End,
  HeadEdit,
  HostileCase,
  HostileFrame,
  InsideCase,
  MessageEdit,
  RouteCase,
} from "./cases.ts";
import { isNear } from "./cases.ts";
import { presented, type Claim, type Ring } from "./claims.ts";
import { frameBytes } from "./frames.ts";
import {
  carryOf,
  type Around,
  type Message,
  type Presentation,
  type Turn,
} from "./presentations.ts";

/** What a client sends, byte for byte. */
export interface Script {
  readonly head: Buffer;
  /** What it says once the connection is open, turn by turn. */
  readonly turns: readonly WireTurn[];
  readonly end: End;
}

/** As Turn, in bytes. */
export interface WireTurn {
  readonly isAnswer: boolean;
  readonly say: (heard: Bytes) => Buffer | Promise<Buffer>;
}

/** What a script is made for. */
export interface Stage {
  readonly technique: Technique;
  readonly all: readonly Technique[];
  readonly ring: Ring;
  readonly around: Omit<Around, "isRaw">;
  /** The id of an attempt that is open. */
  readonly attempt: string;
}

/** Larger than any header that is taken; see OriginLimits. */
const tooLarge = "x".repeat(17_000);

/** Makes what goes over the wire for a case. */
export function scriptOf(hostile: HostileCase, stage: Stage): Script {
  switch (hostile.kind) {
    case "connection":
      return connectionScript(hostile, stage);
    case "inside":
      return insideScript(hostile, stage);
    case "route":
      return { head: routeHead(hostile, stage), turns: [], end: "wait" };
  }
}

/** What a client sends that is let in. */
export function goodScript(stage: Stage): Script {
  return insideScript({ kind: "inside", place: "own", frames: [], end: "wait" }, stage);
}

function connectionScript(hostile: ConnectionCase, stage: Stage): Script {
  const { claim, flaw, isRaw, attempt, end } = hostile;
  const { technique, all, ring, around } = stage;
  const carrier =
    flaw?.flaw === "elsewhere" ? all.find(({ id }) => id === flaw.technique) : technique;
  const presentation = carryOf(carrier ?? technique)(presented(claim, ring), { ...around, isRaw });
  const { headers, target } = handshake(presentation, hostile, stage);
  const flawed = withFlaw(headers, hostile);
  const method = flaw?.flaw === "method" ? flaw.value : "GET";
  const mentioned =
    attempt === "none" ? null : attempt === "open" ? stage.attempt : bytesOf(attempt);
  const head = headBytes(
    method,
    mentioned === null ? target : withAttempt(target, mentioned),
    flawed,
    safe(hostile.head, claim),
  );
  const turns = presentation.turns ?? [];
  return { head, turns: changed(turns, hostile.messages), end };
}

function insideScript({ place, frames, end }: InsideCase, stage: Stage): Script {
  const { technique, ring, around } = stage;
  const presentation = carryOf(technique)(ring.insider, { ...around, isRaw: false });
  const { headers, target } = handshake(presentation, { place }, stage);
  const inside: WireTurn[] = frames.map((frame, index) => ({
    // The first one waits for the greeting.
    isAnswer: index === 0,
    say: () => wire(frame),
  }));
  return {
    head: headBytes("GET", target, headers, []),
    turns: [...changed(presentation.turns ?? [], []), ...inside],
    end,
  };
}

function handshake(
  { target = "/", headers = [] }: Partial<Presentation>,
  { place }: Pick<ConnectionCase, "place">,
  { technique, around }: Stage,
): { readonly headers: [string, Bytes][]; readonly target: Bytes } {
  const prefix = place === "own" ? "" : `/websockets/${technique.id}`;
  return {
    target: `${prefix}${target}`,
    headers: [
      ["Host", around.host],
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"],
      ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ...headers.map(([name, value]): [string, Bytes] => [name, value]),
    ],
  };
}

function withFlaw(headers: [string, Bytes][], { flaw }: ConnectionCase): [string, Bytes][] {
  const instead = (name: string, value: Bytes): [string, Bytes][] => [
    ...headers.filter((header) => header[0] !== name),
    [name, value],
  ];
  switch (flaw?.flaw) {
    case "host":
      return instead("Host", flaw.value);
    case "origin":
      return instead("Origin", flaw.value);
    case "field":
      return instead(flaw.name, flaw.value);
    case "size":
      return instead("X-Large", tooLarge);
    case "method":
    case "elsewhere":
    case undefined:
      return headers;
  }
}

function withAttempt(target: Bytes, id: Bytes): Bytes {
  return `${target}${target.includes("?") ? "&" : "?"}attempt=${id}`;
}

/** Nothing that comes near a good secret is changed: one byte might make it that. */
function safe(edits: readonly HeadEdit[], claim: Claim): readonly HeadEdit[] {
  if (!isNear(claim) && claim.claim !== "good") return edits;
  return edits.filter(({ edit }) => edit === "repeat" || edit === "add");
}

function routeHead(hostile: RouteCase, stage: Stage): Buffer {
  const { claim, framing, method, place, path } = hostile;
  const { technique, ring, around } = stage;
  const secret = presented(claim, ring)?.secret ?? "";
  const prefix = place === "own" ? "/" : `/websockets/${technique.id}/`;
  const original = bodyOf(hostile, secret);
  const body = framed(isNear(claim) ? original : edited(original, hostile.changes), framing);
  const headers: [string, Bytes][] = [
    ["Host", around.host],
    ["Content-Type", bytesOf(hostile.type)],
    ...(technique.cookie === undefined
      ? []
      : [["Cookie", `${technique.cookie}=${encodeURIComponent(secret)}`] as [string, Bytes]]),
    body.header,
  ];
  const head = headBytes(method, `${prefix}${bytesOf(path)}`, headers, safe(hostile.head, claim));
  return Buffer.concat([head, body.bytes]);
}

/** A body as it is sent, and the header that says how long it is, or something else. */
export function framed(
  body: Bytes,
  framing: RouteCase["framing"],
): { readonly header: [string, Bytes]; readonly bytes: Buffer } {
  if (framing === "chunked") {
    const chunks = `${body.length === 0 ? "" : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`;
    return { header: ["Transfer-Encoding", "chunked"], bytes: Buffer.from(chunks, "latin1") };
  }
  const length = body.length + (framing === "longer" ? 7 : framing === "shorter" ? -7 : 0);
  const header: [string, Bytes] = ["Content-Length", String(Math.max(0, length))];
  return { header, bytes: Buffer.from(body, "latin1") };
}

function bodyOf({ body }: RouteCase, secret: Bytes): Bytes {
  const token = JSON.stringify(secret);
  switch (body) {
    case "secret":
      return secret;
    case "wish to sign":
      return `{"token":${token},"address":"ws://localhost:8000/"}`;
    case "wish to join":
      return `{"token":${token},"socket":"AAAAAAAAAAAAAAAAAAAAAA","room":"lobby"}`;
    default:
      return bytesOf(body);
  }
}

/** A request's head with the changes made to it. */
export function headBytes(
  method: string,
  target: Bytes,
  headers: readonly [string, Bytes][],
  edits: readonly HeadEdit[],
): Buffer {
  let [verb, to, fields, ends] = [method, target, [...headers], "\r\n"];
  for (const change of edits) {
    const field = "field" in change ? change.field % Math.max(1, fields.length) : 0;
    const chosen = fields[field];
    switch (change.edit) {
      case "repeat":
        if (chosen !== undefined) fields = [...fields, chosen];
        break;
      case "drop":
        fields = fields.filter((_, index) => index !== field);
        break;
      case "set":
        if (chosen !== undefined) {
          fields = fields.with(field, [chosen[0], bytesOf(change.value)]);
        }
        break;
      case "add":
        fields = [...fields, [change.name, bytesOf(change.value)]];
        break;
      case "target":
        to = bytesOf(change.passage);
        break;
      case "more-target":
        to += bytesOf(change.passage);
        break;
      case "method":
        verb = change.value;
        break;
      case "line-ends":
        ends = change.value;
        break;
      case "bytes":
        break;
    }
  }
  const lines = [`${verb} ${to} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)];
  const changes = edits.flatMap((change) => (change.edit === "bytes" ? [change.change] : []));
  return Buffer.from(edited(`${lines.join(ends)}\r\n\r\n`, changes), "latin1");
}

/** Turns with the changes made to what is said first. */
function changed(turns: readonly Turn[], edits: readonly MessageEdit[]): WireTurn[] {
  return turns.map((turn, index) => ({
    isAnswer: turn.isAnswer,
    say: async (heard) => {
      const messages = await turn.say(heard);
      return Buffer.concat(index === 0 ? rewritten(messages, edits) : messages.map(plain));
    },
  }));
}

function rewritten(messages: readonly Message[], edits: readonly MessageEdit[]): Buffer[] {
  let all: HostileFrame[] = messages.map(whole);
  for (const change of edits) {
    const index = change.message % Math.max(1, all.length);
    const chosen = all[index];
    if (chosen === undefined) continue;
    switch (change.edit) {
      case "payload": {
        const payload = { text: edited(bytesOf(chosen.payload), [change.change]), times: 1 };
        all = all.with(index, { ...chosen, payload });
        break;
      }
      case "twice":
        all = all.toSpliced(index, 0, chosen);
        break;
      case "other-kind":
        all = all.with(index, { ...chosen, opcode: chosen.opcode === 1 ? 2 : 1 });
        break;
      case "before":
        all = all.toSpliced(index, 0, change.frame);
        break;
      case "instead":
        all = all.with(index, change.frame);
        break;
    }
  }
  return all.map(wire);
}

function whole({ opcode, payload }: Message): HostileFrame {
  const text = { text: payload, times: 1 };
  return { opcode, payload: text, isFinal: true, reserved: 0, isMasked: true, saidLength: null };
}

function plain(message: Message): Buffer {
  return wire(whole(message));
}

function wire({ payload, saidLength, ...frame }: HostileFrame): Buffer {
  return frameBytes({
    ...frame,
    payload: bytesOf(payload),
    ...(saidLength !== null && { saidLength }),
  });
}
