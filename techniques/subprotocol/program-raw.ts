import type { Present } from "../program.ts";

/** Offers what a page offers. A program has headers, and would rather send `Authorization`. */
export const present: Present = (endpoint, { token }, { open }) =>
  open(endpoint, { protocols: ["websocket-auth-lab", token] });
