import type { Credential } from "./technique.ts";

/** What a client sent as its user name and as its token, if these are texts; undefined: no token came. */
export function userAndToken(user: unknown, token: unknown): Credential | undefined {
  if (typeof token !== "string") return undefined;
  return typeof user === "string" ? { user, token } : { token };
}
