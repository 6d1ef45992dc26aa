import type { Connect } from "../connect.ts";

/** Puts user name and token into the URL's user information; the setters percent-encode them. */
export const connect: Connect = (endpoint, { user, token }) => {
  endpoint.username = user;
  endpoint.password = token;
  return new WebSocket(endpoint);
};
