import type { Present } from "../program.ts";

/** Shows the certificate when TLS asks for it, and proves to hold its key. */
export const present: Present = (endpoint, _credential, { open, certificate }) =>
  open(endpoint, certificate);
