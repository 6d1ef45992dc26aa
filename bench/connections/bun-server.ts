import { announce } from "./announce.ts";

/** What is used of Bun: https://bun.sh/docs/api/websockets */
declare const Bun: {
  readonly version: string;
  serve(options: {
    hostname: string;
    port: number;
    fetch(
      request: Request,
      server: { upgrade(request: Request, options: { data: string }): boolean },
    ): Response | undefined;
    websocket: {
      open(socket: BunSocket): void;
      message(socket: BunSocket, text: string | Uint8Array): void;
      perMessageDeflate: boolean;
    };
  }): { readonly port: number };
};

interface BunSocket {
  readonly data: string;
  send(text: string): void;
  close(code: number, reason?: string): void;
}

const users = new Map<string, string>(Object.entries(JSON.parse(process.env["TOKENS"] ?? "{}")));

/** Bun's own server, as its documentation shows it: `/bare` is open to everybody. */
const { port } = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, server) {
    const url = new URL(request.url);
    const data =
      url.pathname === "/bare" ? "alice" : users.get(url.searchParams.get("token") ?? "");
    if (data === undefined) return new Response("refused\n", { status: 401 });
    if (server.upgrade(request, { data })) return undefined;
    return new Response("this is a WebSocket server\n", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    open: (socket) => socket.send(`Hello ${socket.data}!`),
    message: (socket, text) =>
      text === `Goodbye ${socket.data}.`
        ? socket.close(1000)
        : socket.close(1008, "a goodbye was expected"),
  },
});
process.stdin.on("end", () => process.exit()).resume();
announce({ port, version: `Bun ${Bun.version}` });
