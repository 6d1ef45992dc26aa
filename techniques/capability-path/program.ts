import type { Present } from "../program.ts";

/** Makes the token a part of the path, as a page does. */
export const present: Present = (endpoint, { token }, { open }) => {
  endpoint.pathname += `enter/${encodeURIComponent(token)}`;
  return open(endpoint);
};
