import type { Connect } from "../connect.ts";

/** Has the browser choose its certificate for an https request, which it may not do for a WebSocket, then connects. */
export const connect: Connect = async (endpoint) => {
  const url = new URL(endpoint.href.replace(/^wss/u, "https"));
  // `no-cors`: that there was an answer is enough; the page need not read it.
  await fetch(url, { mode: "no-cors", credentials: "include" });
  return new WebSocket(endpoint);
};
