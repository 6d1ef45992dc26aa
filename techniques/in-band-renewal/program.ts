import type { WebSocket } from "ws";
import type { Present, PresentWithout, ProgramMeans, RenewAsProgram } from "../program.ts";

/** Presents the token in the first message, as a page does. */
export const present: Present = (endpoint, { token }, means) => opening(endpoint, token, means);

/** Presents an empty token, so that the server need not wait for one. */
export const presentWithout: PresentWithout = (endpoint, means) => opening(endpoint, "", means);

/** Presents the next token on the open connection, as a page does. */
export const renew: RenewAsProgram = (socket, { token }) => {
  socket.send(JSON.stringify({ renew: token }));
};

function opening(endpoint: URL, token: string, { open }: ProgramMeans): WebSocket {
  const socket = open(endpoint);
  socket.on("open", () => socket.send(JSON.stringify({ token })));
  return socket;
}
