import type { Connect, ConnectWithout } from "../connect.ts";

/** Offers two subprotocols: the one that is spoken, and one that carries the token as base64url. */
export const connect: Connect = (endpoint, { token }) => {
  const bytes = new TextEncoder().encode(token);
  const base64 = btoa(String.fromCharCode(...bytes));
  const base64url = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return new WebSocket(endpoint, ["websocket-auth-lab", `bearer.${base64url}`]);
};

/** Offers what is spoken, and no token. */
export const connectWithout: ConnectWithout = (endpoint) =>
  new WebSocket(endpoint, "websocket-auth-lab");
