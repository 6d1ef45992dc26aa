import type { LogOutAsProgram, Present } from "../program.ts";

/** Logs in, and returns the cookie as a browser would. */
export const present: Present = async (endpoint, { token }, { open, post, home }) => {
  const { status, cookie } = await post(new URL(`login${home.search}`, home), token);
  if (status !== 204) throw new Error(`no session: ${status}`);
  return open(endpoint, { headers: { Cookie: cookie } });
};

/** Logs out, as a page does. */
export const logOut: LogOutAsProgram = async (_endpoint, { post, home }) => {
  const { status } = await post(new URL(`logout${home.search}`, home), "");
  if (status !== 204) throw new Error(`not logged out: ${status}`);
};
