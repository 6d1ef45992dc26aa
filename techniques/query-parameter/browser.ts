import type { Connect } from "../connect.ts";

/** Puts the token into the URL of the WebSocket. */
export const connect: Connect = (endpoint, { token }) => {
  endpoint.searchParams.set("token", token);
  return new WebSocket(endpoint);
};
