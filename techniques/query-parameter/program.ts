import type { Present } from "../program.ts";

/** Puts the token into the URL, as a page does. */
export const present: Present = (endpoint, { token }, { open }) => {
  endpoint.searchParams.set("token", token);
  return open(endpoint);
};
