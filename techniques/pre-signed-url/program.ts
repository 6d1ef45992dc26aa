import type { Present } from "../program.ts";

/** Has the WebSocket's address signed, and opens what comes back, as a page does. */
export const present: Present = async (endpoint, { token }, { open, post, home }) => {
  const wish = JSON.stringify({ token, address: endpoint.href });
  const { status, body } = await post(new URL(`sign${home.search}`, home), wish);
  if (status !== 200) throw new Error(`no signature: ${status}`);
  return open(new URL(body));
};
