import { basicChallenge, readBasic } from "../basic-authentication.ts";
import type { Technique } from "../technique.ts";

/** Reads what the browser remembers of an earlier request with HTTP authentication; see README.md. */
function cached(
  variant: Pick<Technique, "id" | "title"> & { readonly browser?: string },
): Technique {
  return {
    ...variant,
    folder: "cached-basic",
    via: "authorization: basic",
    stage: "handshake",
    challenge: basicChallenge,
    // The browser adds the pair by itself, whichever page opens the socket.
    checksOrigin: true,
    readCredential: ({ headers }) => readBasic(headers.authorization),
    routes(router, { page }) {
      router.use(["/prime", "/frame"], (request, response, next) => {
        response.set({
          "Access-Control-Allow-Origin": page(request).origin,
          "Access-Control-Allow-Credentials": "true",
          "Cache-Control": "no-store",
        });
        // Whatever comes is taken, so that a browser never asks its user: the handshake is what is judged.
        if (request.method !== "GET" || request.headers.authorization !== undefined) return next();
        return response.status(401).set("WWW-Authenticate", basicChallenge).end();
      });
      router.options("/prime", (_request, response) => {
        // A header of the page's own is asked for beforehand; `*` would not cover this one:
        // https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
        response.set("Access-Control-Allow-Headers", "Authorization").status(204).end();
      });
      router.get("/prime", (_request, response) => response.status(204).end());
      router.get("/frame", (request, response) => {
        const policy = `default-src 'none'; frame-ancestors ${page(request).origin}`;
        response.set("Content-Security-Policy", policy).send("<!doctype html>\n");
      });
    },
  };
}

export const cachedBasic: Technique = cached({
  id: "cached-basic",
  title: "Cached Basic credentials",
});
export const cachedBasicFetch: Technique = cached({
  id: "cached-basic-fetch",
  title: "Cached Basic credentials, by fetch",
  browser: "browser-fetch.ts",
});
export const cachedBasicFrame: Technique = cached({
  id: "cached-basic-frame",
  title: "Cached Basic credentials, by an iframe",
  browser: "browser-frame.ts",
});
