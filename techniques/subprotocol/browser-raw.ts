import type { Connect, ConnectWithout } from "../connect.ts";

/** Offers the token as it is. The constructor throws when a character of it may not occur in a name. */
export const connect: Connect = (endpoint, { token }) =>
  new WebSocket(endpoint, ["websocket-auth-lab", token]);

/** Offers what is spoken, and no token. */
export const connectWithout: ConnectWithout = (endpoint) =>
  new WebSocket(endpoint, "websocket-auth-lab");
