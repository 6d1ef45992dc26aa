import type { Technique } from "../technique.ts";

/** Reads the token from the URL: `ws://host/?token=…`. URLs end up in logs; see README.md. */
export const queryParameter: Technique = {
  id: "query-parameter",
  title: "Query parameter",
  via: "query parameter",
  stage: "handshake",
  readCredential({ url }) {
    // A repeated parameter is read differently by different servers, so neither value counts.
    const [token, ...others] = url.searchParams.getAll("token");
    return token === undefined || others.length > 0 ? undefined : { token };
  },
};
