import type { Connect, ConnectWithout, Renew } from "../connect.ts";

/** Presents the token in the first message. */
export const connect: Connect = (endpoint, { token }) => opening(endpoint, { token });

/** Presents an empty token, so that the server need not wait for one. */
export const connectWithout: ConnectWithout = (endpoint) => opening(endpoint, { token: "" });

/** Presents the next token before the last one has run out. */
export const renew: Renew = (socket, { token }) => {
  socket.send(JSON.stringify({ renew: token }));
};

function opening(endpoint: URL, message: { readonly token: string }): WebSocket {
  const socket = new WebSocket(endpoint);
  socket.addEventListener("open", () => socket.send(JSON.stringify(message)));
  return socket;
}
