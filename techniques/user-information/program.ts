import type { Present } from "../program.ts";

/** Sends the header that a browser makes of the URL's user information (RFC 7617). */
export const present: Present = (endpoint, { user, token }, { open }) => {
  const pair = Buffer.from(`${user}:${token}`).toString("base64");
  return open(endpoint, { headers: { Authorization: `Basic ${pair}` } });
};
