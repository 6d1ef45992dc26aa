import type { Connect } from "../connect.ts";

/** Asks the browser for a header of the page's own, where the standard's constructor takes subprotocols. */
export const connect: Connect = (endpoint, { token }) => {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  const socket: WebSocket = Reflect.construct(WebSocket, [endpoint, options]);
  return socket;
};
