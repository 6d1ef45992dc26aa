import type { Technique } from "../technique.ts";

/** Reads the token from the first message. Until then the connection is open to anybody; see README.md. */
export const firstMessage: Technique = {
  id: "first-message",
  title: "First message",
  via: "first message",
  stage: "first-message",
  readCredential({ firstMessage: token }) {
    return token === undefined || token === "" ? undefined : { token };
  },
};
