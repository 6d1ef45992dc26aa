import type { Connect, Renew } from "../connect.ts";

/** Presents the token in the first message. */
export const connect: Connect = (endpoint, { token }) => {
  const socket = new WebSocket(endpoint);
  socket.addEventListener("open", () => socket.send(JSON.stringify({ token })));
  return socket;
};

/** Presents the next token before the last one has run out. */
export const renew: Renew = (socket, { token }) => {
  socket.send(JSON.stringify({ renew: token }));
};
