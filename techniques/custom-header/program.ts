import type { Present } from "../program.ts";

/** Sends the token where HTTP has a place for it. */
export const present: Present = (endpoint, { token }, { open }) =>
  open(endpoint, { headers: { Authorization: `Bearer ${token}` } });
