import type { HandshakeTechnique, Technique } from "../technique.ts";

/** The protocol that is really spoken, and the only one that the server ever selects. */
const marker = "websocket-auth-lab";
/** What the token is hidden behind: a subprotocol is an HTTP token, so base64url (RFC 6455, 4.1). */
const prefix = "bearer.";

/** Reads the token from the list of subprotocols that the client offers; see README.md. */
export const subprotocol: HandshakeTechnique = {
  id: "subprotocol",
  title: "Subprotocol",
  via: "subprotocol",
  stage: "handshake",
  readCredential({ headers }) {
    const carriers = offeredIn(headers).filter((name) => name.startsWith(prefix));
    const base64url = onlyOne(carriers)?.slice(prefix.length);
    // Node's decoder passes over what is no base64url.
    if (base64url === undefined || !/^[\w-]+$/u.test(base64url)) return undefined;
    return { token: Buffer.from(base64url, "base64url").toString("utf8") };
  },
  // Never the token: the answer would repeat it to logs, and to `socket.protocol`.
  selectSubprotocol: (offered) => (offered.has(marker) ? marker : undefined),
};

/** Reads the same, and selects nothing: what a page makes of its offer unanswered. */
export const subprotocolUnselected: Technique = {
  ...subprotocol,
  id: "subprotocol-unselected",
  folder: "subprotocol",
  title: "Subprotocol, none selected",
  program: "program-unselected.ts",
  selectSubprotocol: () => undefined,
};

/** Reads the token as it is, from the one subprotocol that is not the marker. */
export const subprotocolRaw: Technique = {
  ...subprotocol,
  id: "subprotocol-raw",
  folder: "subprotocol",
  title: "Subprotocol, the token as it is",
  browser: "browser-raw.ts",
  program: "program-raw.ts",
  readCredential({ headers }) {
    const token = onlyOne(offeredIn(headers).filter((name) => name !== marker));
    return token === undefined || token === "" ? undefined : { token };
  },
};

function offeredIn(headers: Parameters<typeof subprotocol.readCredential>[0]["headers"]): string[] {
  return (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
}

/** Of two tokens neither counts, as nobody could say which. */
function onlyOne([first, ...others]: readonly string[]): string | undefined {
  return others.length === 0 ? first : undefined;
}
