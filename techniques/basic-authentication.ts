import type { Credential } from "./technique.ts";

/** Asks for a user name and password (RFC 7617, 2 and 2.1). */
export const basicChallenge = 'Basic realm="WebSocket Auth Lab", charset="UTF-8"';

/** Reads user name and password from an `Authorization` header; undefined when it is none of this scheme. */
export function readBasic(authorization: string | undefined): Credential | undefined {
  const base64 = /^basic +(?<base64>[+/0-9a-z]+={0,2}) *$/iu.exec(authorization ?? "");
  if (base64?.groups?.["base64"] === undefined) return undefined;
  const pair = Buffer.from(base64.groups["base64"], "base64").toString("utf8");
  // RFC 7617, 2: a user name cannot hold a colon, a password can.
  const colon = pair.indexOf(":");
  if (colon === -1) return undefined;
  return { user: pair.slice(0, colon), token: pair.slice(colon + 1) };
}
