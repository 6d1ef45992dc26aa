import type { Connect } from "../connect.ts";

/** Has the page's own server sign the WebSocket's address, and opens what comes back. */
export const connect: Connect = async (endpoint, { token }, home) => {
  const response = await fetch(new URL(`sign${home.search}`, home), {
    method: "POST",
    body: JSON.stringify({ token, address: endpoint.href }),
  });
  if (!response.ok) throw new Error(`no signature: ${response.status}`);
  return new WebSocket(await response.text());
};
