import type { Connect } from "../connect.ts";

/**
 * Asks the browser for a header of the page's own, as libraries for programs have it: by a third
 * argument. The standard's constructor has two.
 */
export const connect: Connect = (endpoint, { token }) => {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  const socket: WebSocket = Reflect.construct(WebSocket, [endpoint, [], options]);
  return socket;
};
