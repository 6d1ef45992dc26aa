import type { Connect } from "../connect.ts";

/** Trades the token for a ticket at the page's own server, and puts that into the URL. */
export const connect: Connect = async (endpoint, { token }, home) => {
  const response = await fetch(new URL(`ticket${home.search}`, home), {
    method: "POST",
    body: token,
  });
  if (!response.ok) throw new Error(`no ticket: ${response.status}`);
  endpoint.searchParams.set("ticket", await response.text());
  return new WebSocket(endpoint);
};
