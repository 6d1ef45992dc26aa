import type { Present, RenewAsProgram } from "../program.ts";

/** Presents the token in the first message, as a page does. */
export const present: Present = (endpoint, { token }, { open }) => {
  const socket = open(endpoint);
  socket.on("open", () => socket.send(JSON.stringify({ token })));
  return socket;
};

/** Presents the next token on the open connection, as a page does. */
export const renew: RenewAsProgram = (socket, { token }) => {
  socket.send(JSON.stringify({ renew: token }));
};
