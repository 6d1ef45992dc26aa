import type { LogOutAsProgram, Present } from "../program.ts";

/** Asks for the cookie, and returns it as a browser would. */
export const present: Present = async (endpoint, { token }, { open, post }) => {
  const url = new URL(`cookie${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const { status, cookie } = await post(url, token);
  if (status !== 204) throw new Error(`no cookie: ${status}`);
  return open(endpoint, { headers: { Cookie: cookie } });
};

/** Logs out, as a page does. */
export const logOut: LogOutAsProgram = async (endpoint, { post }) => {
  const url = new URL(`logout${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const { status } = await post(url, "");
  if (status !== 204) throw new Error(`not logged out: ${status}`);
};
