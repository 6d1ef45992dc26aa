import type { Connect } from "../connect.ts";

/** Makes the token a part of the path. */
export const connect: Connect = (endpoint, { token }) => {
  endpoint.pathname += `enter/${encodeURIComponent(token)}`;
  return new WebSocket(endpoint);
};
