import type { Connect } from "../connect.ts";

/** Has the WebSocket's own origin set a cookie in answer to a credentialed fetch, then connects. */
export const connect: Connect = async (endpoint, { token }) => {
  const url = new URL(`cookie${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  // A text body needs no preflight; without `include` the answer's cookie would be thrown away.
  const response = await fetch(url, { method: "POST", body: token, credentials: "include" });
  if (!response.ok) throw new Error(`no cookie: ${response.status}`);
  return new WebSocket(endpoint);
};
