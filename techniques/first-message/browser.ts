import type { Connect } from "../connect.ts";

/** Sends the token as soon as the WebSocket is open, before anything else. */
export const connect: Connect = (endpoint, { token }) => {
  const socket = new WebSocket(endpoint);
  socket.addEventListener("open", () => socket.send(token));
  return socket;
};
