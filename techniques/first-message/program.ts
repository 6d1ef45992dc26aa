import type { WebSocket } from "ws";
import type { Present, PresentWithout, ProgramMeans } from "../program.ts";

/** Sends the token as soon as the WebSocket is open, as a page does. */
export const present: Present = (endpoint, { token }, means) => opening(endpoint, token, means);

/** Has no token to send, and says so. */
export const presentWithout: PresentWithout = (endpoint, means) => opening(endpoint, "", means);

function opening(endpoint: URL, message: string, { open }: ProgramMeans): WebSocket {
  const socket = open(endpoint);
  socket.on("open", () => socket.send(message));
  return socket;
}
