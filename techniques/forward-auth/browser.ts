import type { Connect } from "../connect.ts";

/** Logs in, which sets a cookie for every port of the host; the browser shows it to the proxy by itself. */
export const connect: Connect = async (endpoint, { token }, home) => {
  const response = await fetch(new URL(`login${home.search}`, home), {
    method: "POST",
    body: token,
  });
  if (!response.ok) throw new Error(`no session: ${response.status}`);
  return new WebSocket(endpoint);
};
