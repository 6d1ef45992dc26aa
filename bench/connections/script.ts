import type { LookupFunction } from "node:net";
import { WebSocket } from "ws";
import type { PageCredential } from "../../techniques/connect.ts";
import type { Present, ProgramMeans } from "../../techniques/program.ts";
import { LeanSocket, type Opening } from "./lean-socket.ts";
import { endedWell, type LoadCase } from "./load-case.ts";
import { openingOf } from "./opening.ts";

/** What a client said on one connection, and when. Holds a token. */
export interface Script {
  readonly opening: Opening;
  readonly messages: readonly ScriptedMessage[];
}

interface ScriptedMessage {
  readonly data: Buffer;
  readonly isBinary: boolean;
  /** How many messages the server had sent before. */
  readonly after: number;
}

const loopback: LookupFunction = (_hostname, { all }, callback) => {
  if (all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

/** Has a program make one connection with its library, and writes down what goes over the wire. */
export async function record(
  present: Present,
  load: LoadCase,
  credential: PageCredential,
  means: Omit<ProgramMeans, "open">,
): Promise<Script> {
  const openings: Opening[] = [];
  const messages: ScriptedMessage[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const open: ProgramMeans["open"] = (endpoint, options = {}) => {
    const opening = openingOf(load, endpoint, options);
    openings.push(opening);
    const { headers, protocols } = opening;
    const socket = new WebSocket(endpoint, [...protocols], {
      headers,
      lookup: loopback,
      perMessageDeflate: false,
      ...(load.authority !== null && { ca: load.authority }),
    });
    let after = 0;
    socket.on("message", () => (after += 1));
    socket.on("error", reject);
    socket.on("close", (code, reason) =>
      endedWell(code) ? resolve() : reject(new Error(`it ended with ${code} ${reason.toString()}`)),
    );
    // ws does not tell of what it sends. What is called here is called on the socket.
    // oxlint-disable-next-line typescript/unbound-method
    socket.send = new Proxy(socket.send, {
      apply(send, _receiver, parts: Parameters<WebSocket["send"]>) {
        const [data] = parts;
        if (socket.readyState === socket.OPEN) {
          add(messages, { data: bytesOf(data), isBinary: typeof data !== "string", after });
        }
        Reflect.apply(send, socket, parts);
      },
    });
    return socket;
  };
  const channel = await present(new URL(load.endpoint), credential, { ...means, open });
  if (channel instanceof WebSocket) throw new Error("a library hands over a channel");
  let isGreeted = false;
  channel.listen({
    message(text) {
      isGreeted ||= text.startsWith("Hello ");
      if (text.startsWith("Hello ")) channel.send(`Goodbye ${text.slice(6, -1)}.`);
    },
    // A protocol may say goodbye in words of its own, too.
    refusal(code, reason) {
      if (!isGreeted) reject(new Error(`it was refused with ${code} ${reason}`));
    },
  });
  await ended;
  const [opening] = openings;
  if (opening === undefined) throw new Error("a library opened no WebSocket");
  return { opening, messages };
}

/**
 * Joins bytes that are said at once, as mqtt does in a page: in Node it says a packet in many messages.
 * https://github.com/mqttjs/MQTT.js/blob/main/src/lib/BufferedDuplex.ts
 */
function add(messages: ScriptedMessage[], next: ScriptedMessage): void {
  const last = messages.at(-1);
  if (last?.isBinary !== true || !next.isBinary || last.after !== next.after) messages.push(next);
  else messages.splice(-1, 1, { ...last, data: Buffer.concat([last.data, next.data]) });
}

/** A connection that says what was recorded, with another token of the same length. */
export function play({ opening, messages }: Script, recorded: string, token: string): LeanSocket {
  const socket = new LeanSocket(opening);
  const own = messages.map(({ data, ...when }) => {
    const text = data.toString("latin1").replaceAll(recorded, token);
    return { ...when, data: Buffer.from(text, "latin1") };
  });
  let said = 0;
  const goOn = (): void => {
    for (;;) {
      const next = own[said];
      if (next === undefined || next.after > socket.received) break;
      said += 1;
      socket.sendAgain(next.data, next.isBinary);
    }
  };
  return socket.on("open", goOn).on("message", goOn);
}

function bytesOf(data: Parameters<WebSocket["send"]>[0]): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  if (Buffer.isBuffer(data)) return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return Buffer.from(new Uint8Array(data));
  throw new Error("a library sent what is neither text nor bytes");
}
