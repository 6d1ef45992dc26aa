import { basicChallenge, readBasic } from "../basic-authentication.ts";
import type { Technique } from "../technique.ts";

/** Reads what the browser remembers of an earlier request with HTTP authentication; see README.md. */
export const cachedBasic: Technique = {
  id: "cached-basic",
  title: "Cached Basic credentials",
  via: "authorization: basic",
  stage: "handshake",
  challenge: basicChallenge,
  readCredential: ({ headers }) => readBasic(headers.authorization),
  routes(router, { page }) {
    router.get("/prime", (request, response) => {
      response.set({
        "Access-Control-Allow-Origin": page(request).origin,
        "Access-Control-Allow-Credentials": "true",
        "Cache-Control": "no-store",
      });
      // Whatever comes is taken, so that a browser never asks its user: the handshake is what is judged.
      if (request.headers.authorization !== undefined) return response.status(204).end();
      return response.status(401).set("WWW-Authenticate", basicChallenge).end();
    });
  },
};
