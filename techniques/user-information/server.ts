import type { Technique } from "../technique.ts";

/**
 * Reads user name and token from `Authorization: Basic`, which is what a browser makes of
 * `ws://user:token@host/`, if it does (RFC 7617). The challenge matters: some engines hold the
 * credential back until a 401 asks for it.
 */
export const userInformation: Technique = {
  id: "user-information",
  title: "User information",
  via: "authorization: basic",
  stage: "handshake",
  challenge: 'Basic realm="WebSocket Auth Lab", charset="UTF-8"',
  readCredential({ headers }) {
    const base64 = /^basic +(?<base64>[+/0-9a-z]+={0,2}) *$/iu.exec(headers.authorization ?? "");
    if (base64?.groups?.["base64"] === undefined) return undefined;
    const pair = Buffer.from(base64.groups["base64"], "base64").toString("utf8");
    // RFC 7617, 2: a user name cannot hold a colon, a password can.
    const colon = pair.indexOf(":");
    if (colon === -1) return undefined;
    return { user: pair.slice(0, colon), token: pair.slice(colon + 1) };
  },
};
