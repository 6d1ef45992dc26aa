import type { Connect, ConnectWithout } from "../connect.ts";

/** Sends the token as soon as the WebSocket is open, before anything else. */
export const connect: Connect = (endpoint, { token }) => opening(endpoint, token);

/** Has no token to send, and says so: who stays silent is kept waiting until the server's deadline. */
export const connectWithout: ConnectWithout = (endpoint) => opening(endpoint, "");

function opening(endpoint: URL, message: string): WebSocket {
  const socket = new WebSocket(endpoint);
  socket.addEventListener("open", () => socket.send(message));
  return socket;
}
