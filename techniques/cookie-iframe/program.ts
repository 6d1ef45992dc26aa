import type { Present } from "../program.ts";

/** Needs no iframe: a program sends what cookies it likes. */
export const present: Present = (endpoint, { token }, { open, technique }) =>
  open(endpoint, { headers: { Cookie: `theme=dark; ${technique}=${encodeURIComponent(token)}` } });
