import type { Present, PresentWithout } from "../program.ts";

/** Offers what a page offers. A program has headers, and would rather send `Authorization`. */
export const present: Present = (endpoint, { token }, { open }) =>
  open(endpoint, {
    protocols: ["websocket-auth-lab", `bearer.${Buffer.from(token).toString("base64url")}`],
  });

/** Offers what is spoken, and no token. */
export const presentWithout: PresentWithout = (endpoint, { open }) =>
  open(endpoint, { protocols: ["websocket-auth-lab"] });
