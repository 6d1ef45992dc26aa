import type { Present } from "../program.ts";

/** Nobody keeps cookies from a program: it asks for one, and returns it. */
export const present: Present = async (endpoint, { token }, { open, post }) => {
  const url = new URL(`cookie${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const { status, cookie } = await post(url, token);
  if (status !== 204) throw new Error(`no cookie: ${status}`);
  return open(endpoint, { headers: { Cookie: cookie } });
};
