import { createHmac } from "node:crypto";
import type { Present, PresentWithout } from "../program.ts";

/** Answers the server's nonce, as a page does. */
export const present: Present = (endpoint, { token }, { open }) => {
  const socket = open(endpoint);
  socket.once("message", (data: Buffer) => {
    const { nonce }: { nonce: string } = JSON.parse(data.toString());
    const [id, secret] = [token.slice(0, 12), token.slice(12)];
    const said = ["websocket-auth-lab challenge-response", endpoint.host, nonce, id].join("\n");
    const proof = createHmac("sha256", secret).update(said).digest("hex");
    socket.send(JSON.stringify({ id, proof }));
  });
  return socket;
};

/** Has nothing to prove, and answers with that. */
export const presentWithout: PresentWithout = (endpoint, { open }) => {
  const socket = open(endpoint);
  socket.once("message", () => socket.send("{}"));
  return socket;
};
