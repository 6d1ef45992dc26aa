import type { Technique } from "../technique.ts";

/** Reads `Authorization: Bearer` (RFC 6750, 2.1): what programs send, and no page can; see README.md. */
export const customHeader: Technique = {
  id: "custom-header",
  title: "Custom header",
  via: "authorization: bearer",
  stage: "handshake",
  readCredential({ headers }) {
    const token = /^bearer +(?<token>[\w.~+/-]+=*) *$/iu.exec(headers.authorization ?? "");
    return token?.groups?.["token"] === undefined ? undefined : { token: token.groups["token"] };
  },
};
