import { basicChallenge, readBasic } from "../basic-authentication.ts";
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
  challenge: basicChallenge,
  // A browser may remember the pair, and add it to the sockets of other pages too.
  checksOrigin: true,
  readCredential: ({ headers }) => readBasic(headers.authorization),
};
