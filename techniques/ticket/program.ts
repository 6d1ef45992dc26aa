import type { Present } from "../program.ts";

/** Trades the token for a ticket, and puts that into the URL, as a page does. */
export const present: Present = async (endpoint, { token }, { open, post, home }) => {
  const { status, body } = await post(new URL(`ticket${home.search}`, home), token);
  if (status !== 200) throw new Error(`no ticket: ${status}`);
  endpoint.searchParams.set("ticket", body);
  return open(endpoint);
};
