import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { argv } from "node:process";
import { WebSocketServer, type WebSocket } from "ws";
import { openAuthority } from "../../server/certificates.ts";
import { obey } from "../orders.ts";
import { announce } from "./announce.ts";
import { user, type Dialogue } from "./load-case.ts";

/** What the bare server does besides. */
export interface BareTasks {
  /** Has its half of a dialogue said at `?dialogue=<index>`, and tells the index. */
  dialogue(dialogue: Dialogue): number;
}

const dialogues: Dialogue[] = [];

/** The yardstick: `ws` with the lab's conversation, and open to everybody. */
async function serve(server: Server): Promise<number> {
  server.on("upgrade", ({ url }, socket) => {
    if (url !== "/in-one-packet") return;
    socket.cork();
    // ws, which listens after this, has said all that it says at once.
    process.nextTick(() => socket.uncork());
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket, { url = "/" }) => {
    socket.on("error", () => {});
    const dialogue = dialogues[Number(/\?dialogue=(?<index>\d+)$/u.exec(url)?.groups?.["index"])];
    if (dialogue !== undefined) return play(socket, dialogue);
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary && data.toString() === `Goodbye ${user}.`) socket.close(1000);
      else socket.close(1008, "a goodbye was expected");
    });
    return socket.send(`Hello ${user}!`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}

/** Says what a technique's server said, as often as its client spoke, and looks at nothing. */
function play(socket: WebSocket, { questions, answers }: Dialogue): void {
  let heard = 0;
  let said = 0;
  const goOn = (): void => {
    for (;;) {
      const answer = answers[said];
      if (answer === undefined || answer.after > heard) break;
      said += 1;
      const data = Buffer.from(answer.data, "base64");
      socket.send(data, { binary: answer.isBinary });
    }
    if (heard === questions) socket.close(1000);
  };
  socket.on("message", () => {
    heard += 1;
    goOn();
  });
  goOn();
}

const [, , folder = ""] = argv;
const { fallback } = await openAuthority(new URL(folder));
obey({ dialogue: (one) => dialogues.push(one) - 1 } satisfies BareTasks);
announce({ ws: await serve(createServer()), wss: await serve(createTlsServer(fallback)) });
