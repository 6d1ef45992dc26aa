import { createHmac } from "node:crypto";
import { generate } from "mqtt-packet";
import type { Technique } from "../../techniques/technique.ts";
import { utf8, type Bytes } from "./bytes.ts";
import type { Holder } from "./claims.ts";

/** A message of a WebSocket: text (1) or binary (2) as RFC 6455, 5.6 has it. */
export interface Message {
  readonly opcode: 1 | 2;
  readonly payload: Bytes;
}

/** What a client says next: at once, or in answer to a message of the server's. */
export interface Turn {
  readonly isAnswer: boolean;
  readonly say: (heard: Bytes) => readonly Message[] | Promise<readonly Message[]>;
}

/** A handshake and what follows it, as the technique's client would send them. */
export interface Presentation {
  /** Path below the server's own, and query: "/?token=…". */
  readonly target: Bytes;
  readonly headers: readonly (readonly [name: string, value: Bytes])[];
  readonly turns: readonly Turn[];
}

/** What a presentation depends on besides the credential. */
export interface Around {
  /** As in the `Host` header. */
  readonly host: string;
  /** Whether the credential is written as it is, where a client would encode it. */
  readonly isRaw: boolean;
  /** What the technique's own route gave for a user's token a moment ago: a signed address, or a grant for another socket. */
  readonly given: (user: string) => Bytes;
  /** Has a grant made for a socket, for those who are let in. */
  readonly grant: (token: string, socket: string) => Promise<Bytes>;
}

/** A way of carrying a credential; null: none is carried. */
export type Carry = (holder: Holder | null, around: Around) => Partial<Presentation>;

/** Which techniques trade tokens, so that what the route gave is what is presented. */
export const trades: ReadonlySet<string> = new Set([
  "session-cookie",
  "session-cookie-unchecked",
  "session-cookie-host",
  "cookie-cors-strict",
  "cookie-cors-lax",
  "cookie-cors-none",
  "cookie-cors-partitioned",
  "parent-domain-cookie",
  "storage-access",
  "ticket",
  "forward-auth",
  "forward-auth-redirect",
]);

/** How a technique's credential is carried. Throws for a technique that nobody has written this down for. */
export function carryOf({ id, folder = id, cookie, via }: Technique): Carry {
  if (via === "cookie" && cookie !== undefined) return inCookie(cookie);
  const carry = carries[id] ?? carries[folder];
  if (carry === undefined) {
    throw new Error(
      `nobody has said how ${id} carries its credential: add it to presentations.ts, so that its server is tried with hostile input`,
    );
  }
  return carry;
}

const carries: Readonly<Record<string, Carry>> = {
  "query-parameter": inQuery("token"),
  ticket: inQuery("ticket"),
  "capability-path": (holder, { isRaw }) => ({
    target: holder === null ? "/" : `/enter/${percent(holder.secret, isRaw)}`,
  }),
  "user-information": basic,
  "cached-basic": basic,
  "custom-header": (holder) => inHeader("Authorization", holder && `Bearer ${holder.secret}`),
  "forward-auth": (holder) => inHeader("X-Forward-Auth", holder?.secret),
  subprotocol: (holder, { isRaw }) =>
    inHeader(
      "Sec-WebSocket-Protocol",
      offer(holder && `bearer.${base64url(holder.secret, isRaw)}`),
    ),
  "subprotocol-raw": (holder) => inHeader("Sec-WebSocket-Protocol", offer(holder && holder.secret)),
  // The claim is about the signature; id and expiry are the right ones.
  "pre-signed-url": (holder, { given, isRaw }) => {
    const [path = "/", query = ""] = given(holder?.user ?? "").split("?");
    if (holder === null) return { target: path };
    const parameters = new URLSearchParams(query);
    parameters.delete("signature");
    return { target: `${path}?${parameters}&signature=${percent(holder.secret, isRaw)}` };
  },
  "client-certificate": () => ({}),
  "first-message": (holder) => first(holder?.secret ?? ""),
  "in-band-renewal": (holder, { isRaw }) => first(`{"token":${json(holder?.secret ?? "", isRaw)}}`),
  "challenge-response": (holder, { host, isRaw }) => ({
    turns: [
      {
        isAnswer: true,
        say: (heard) => {
          if (holder === null) return [text("{}")];
          const nonce = /"nonce":"(?<nonce>[\w-]+)"/u.exec(heard)?.groups?.["nonce"] ?? "";
          const [id, key] = [holder.secret.slice(0, 12), holder.secret.slice(12)];
          const said = ["websocket-auth-lab challenge-response", host, nonce, id].join("\n");
          const proof = createHmac("sha256", key).update(said).digest("hex");
          return [text(`{"id":${json(id, isRaw)},"proof":"${proof}"}`)];
        },
      },
    ],
  }),
  "channel-grant": (holder, { isRaw, grant }) => ({
    turns: [
      {
        isAnswer: true,
        say: async (heard) => {
          if (holder === null) return [text('{"join":"lobby"}')];
          const socket = /"socket":"(?<id>[\w-]+)"/u.exec(heard)?.groups?.["id"] ?? "";
          const granted =
            holder.user === insider ? await grant(holder.secret, socket) : holder.secret;
          return [text(`{"join":"lobby","grant":${json(granted, isRaw)}}`)];
        },
      },
    ],
  }),
  "stomp-connect": (holder) => {
    const named = holder === null ? "" : `login:${holder.user}\npasscode:${holder.secret}\n`;
    return {
      ...inHeader("Sec-WebSocket-Protocol", "v12.stomp"),
      turns: [
        says(text(`CONNECT\naccept-version:1.2\nhost:localhost\n${named}\n\0`)),
        answers(text("SUBSCRIBE\nid:0\ndestination:/conversation\n\n\0")),
      ],
    };
  },
  "graphql-ws": (holder, { isRaw }) => {
    const payload =
      holder === null
        ? "{}"
        : `{"user":${json(holder.user, isRaw)},"token":${json(holder.secret, isRaw)}}`;
    const subscribe = '{"id":"1","type":"subscribe","payload":{"query":"subscription { said }"}}';
    return {
      ...inHeader("Sec-WebSocket-Protocol", "graphql-transport-ws"),
      turns: [
        says(text(`{"type":"connection_init","payload":${payload}}`)),
        answers(text(subscribe)),
      ],
    };
  },
  "socket-io": (holder, { isRaw }) => {
    const auth =
      holder === null
        ? "{}"
        : `{"user":${json(holder.user, isRaw)},"token":${json(holder.secret, isRaw)}}`;
    return { target: "/?EIO=4&transport=websocket", turns: [answers(text(`40${auth}`))] };
  },
  "mqtt-connect": (holder) => {
    const login =
      holder === null
        ? {}
        : {
            username: Buffer.from(holder.user, "latin1").toString(),
            password: Buffer.from(holder.secret, "latin1"),
          };
    const mqtt5 = { protocolVersion: 5 } as const;
    const connect = { cmd: "connect", clientId: "a", clean: true, ...mqtt5, ...login } as const;
    const subscriptions = [{ topic: "conversation", qos: 0 as const }];
    const subscribe = { cmd: "subscribe", messageId: 1, subscriptions } as const;
    return {
      ...inHeader("Sec-WebSocket-Protocol", "mqtt"),
      turns: [says(binary(generate(connect, mqtt5))), answers(binary(generate(subscribe, mqtt5)))],
    };
  },
};

/** The name of those who are let in. */
export const insider = "insider";

function inCookie(name: string): Carry {
  return (holder, { isRaw }) =>
    inHeader("Cookie", holder && `${name}=${percent(holder.secret, isRaw)}`);
}

function inQuery(name: string): Carry {
  return (holder, { isRaw }) => ({
    target: holder === null ? "/" : `/?${name}=${percent(holder.secret, isRaw)}`,
  });
}

function basic(holder: Holder | null): Partial<Presentation> {
  if (holder === null) return {};
  const pair = Buffer.from(`${holder.user}:${holder.secret}`, "latin1").toString("base64");
  return inHeader("Authorization", `Basic ${pair}`);
}

function inHeader(name: string, value: Bytes | null | undefined): Partial<Presentation> {
  return value === null || value === undefined ? {} : { headers: [[name, value]] };
}

function offer(name: Bytes | null): Bytes {
  return name === null ? "websocket-auth-lab" : `websocket-auth-lab, ${name}`;
}

function first(payload: Bytes): Partial<Presentation> {
  return { turns: [says(text(payload))] };
}

function says(...messages: readonly Message[]): Turn {
  return { isAnswer: false, say: () => messages };
}

function answers(...messages: readonly Message[]): Turn {
  return { isAnswer: true, say: () => messages };
}

function text(payload: Bytes): Message {
  return { opcode: 1, payload };
}

function binary(packet: Buffer): Message {
  return { opcode: 2, payload: packet.toString("latin1") };
}

function percent(bytes: Bytes, isRaw: boolean): Bytes {
  if (isRaw) return bytes;
  return bytes.replaceAll(
    /[^\w.~-]/gu,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function base64url(bytes: Bytes, isRaw: boolean): Bytes {
  return isRaw ? bytes : Buffer.from(bytes, "latin1").toString("base64url");
}

function json(bytes: Bytes, isRaw: boolean): Bytes {
  if (isRaw) return `"${bytes}"`;
  return utf8(JSON.stringify(Buffer.from(bytes, "latin1").toString("utf8")));
}
