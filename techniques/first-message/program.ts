import type { Present } from "../program.ts";

/** Sends the token as soon as the WebSocket is open, as a page does. */
export const present: Present = (endpoint, { token }, { open }) => {
  const socket = open(endpoint);
  socket.on("open", () => socket.send(token));
  return socket;
};
