import type { Technique } from "../technique.ts";

/** Reads the token from the path: whoever knows the address may enter; see README.md. */
export const capabilityPath: Technique = {
  id: "capability-path",
  title: "Capability path",
  via: "path",
  stage: "handshake",
  readCredential({ url }) {
    const path = /^(?:\/websockets\/[\w-]+)?\/enter\/(?<token>[^/]+)$/u.exec(url.pathname);
    const token = path?.groups?.["token"];
    if (token === undefined) return undefined;
    try {
      return { token: decodeURIComponent(token) };
    } catch {
      // A percent sign that encodes nothing.
      return undefined;
    }
  },
};
