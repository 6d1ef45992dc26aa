import { once } from "node:events";
import { connect } from "node:net";

/** Sends bytes to a port of this machine and resolves with all that came back until the other side closed. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (answer += chunk));
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}

/** A complete handshake request with the lines given in place of, or after, the usual ones. */
export function handshake(target: string, lines: Readonly<Record<string, string>> = {}): string {
  const headers: Record<string, string> = {
    Host: "localhost",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `GET ${target} HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n`;
}
