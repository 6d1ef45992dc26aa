import type { Connect, LogOut } from "../connect.ts";

/** Has the WebSocket's own origin set a cookie in answer to a credentialed fetch, then connects. */
export const connect: Connect = async (endpoint, { token }) => {
  const url = new URL(`cookie${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  // A text body needs no preflight; without `include` the answer's cookie would be thrown away.
  const response = await fetch(url, { method: "POST", body: token, credentials: "include" });
  if (!response.ok) throw new Error(`no cookie: ${response.status}`);
  return new WebSocket(endpoint);
};

/** Logs out at the WebSocket's own origin, which knows the session by its cookie. */
export const logOut: LogOut = async (endpoint) => {
  const url = new URL(`logout${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const response = await fetch(url, { method: "POST", credentials: "include" });
  if (!response.ok) throw new Error(`not logged out: ${response.status}`);
};
