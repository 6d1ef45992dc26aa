import type { Technique } from "../technique.ts";

/** Reads `Authorization: Bearer` (RFC 6750, 2.1): what programs send, and no page can; see README.md. */
function bearer(
  variant: Pick<Technique, "id" | "title"> & { readonly browser?: string },
): Technique {
  return {
    ...variant,
    folder: "custom-header",
    via: "authorization: bearer",
    stage: "handshake",
    readCredential({ headers }) {
      const token = /^bearer +(?<token>[\w.~+/-]+=*) *$/iu.exec(headers.authorization ?? "");
      return token?.groups?.["token"] === undefined ? undefined : { token: token.groups["token"] };
    },
  };
}

export const customHeader: Technique = bearer({ id: "custom-header", title: "Custom header" });
export const customHeaderOptions: Technique = bearer({
  id: "custom-header-options",
  title: "Custom header, in an options object",
  browser: "browser-options.ts",
});
export const webSocketStream: Technique = bearer({
  id: "websocket-stream",
  title: "Custom header, through WebSocketStream",
  browser: "browser-stream.ts",
});
