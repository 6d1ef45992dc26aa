import type { Technique } from "../technique.ts";

/** The protocol that is really spoken, and the only one that the server ever selects. */
const marker = "websocket-auth-lab";
/** What the token is hidden behind: a subprotocol is an HTTP token, so base64url (RFC 6455, 4.1). */
const prefix = "bearer.";

/** Reads the token from the list of subprotocols that the client offers; see README.md. */
export const subprotocol: Technique = {
  id: "subprotocol",
  title: "Subprotocol",
  via: "subprotocol",
  stage: "handshake",
  readCredential({ headers }) {
    const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    const [carrier, ...others] = offered.filter((name) => name.startsWith(prefix));
    // Of two tokens neither counts, as nobody could say which.
    if (carrier === undefined || others.length > 0) return undefined;
    const base64url = carrier.slice(prefix.length);
    // Node's decoder passes over what is no base64url.
    if (!/^[\w-]+$/u.test(base64url)) return undefined;
    return { token: Buffer.from(base64url, "base64url").toString("utf8") };
  },
  // Never the token: the answer would repeat it to logs, and to `socket.protocol`.
  selectSubprotocol: (offered) => (offered.has(marker) ? marker : undefined),
};
