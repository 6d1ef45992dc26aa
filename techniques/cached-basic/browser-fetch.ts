import type { Connect } from "../connect.ts";

/** Sends the credentials in a header of the page's own, then connects and presents nothing itself. */
export const connect: Connect = async (endpoint, { user, token }) => {
  const url = new URL(`prime${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  // `btoa` takes one byte a character, and the pair is UTF-8 (RFC 7617, 2.1).
  const pair = String.fromCharCode(...new TextEncoder().encode(`${user}:${token}`));
  const headers = { Authorization: `Basic ${btoa(pair)}` };
  const response = await fetch(url, { headers, credentials: "include" });
  if (!response.ok) throw new Error(`the priming request was answered with ${response.status}`);
  return new WebSocket(endpoint);
};
