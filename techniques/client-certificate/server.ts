import type { Technique } from "../technique.ts";

const oneASession = "the certificate is chosen for the whole session of a browser";
const oneAStart =
  "a browser is given its certificate before it starts, which takes longer than its token would live";
const noToken = "the certificate holds a public id, and no token";
const inTls = "a certificate travels in TLS";

/** Reads what TLS found out about the client before any HTTP: its certificate; see README.md. */
export const clientCertificate: Technique = {
  id: "client-certificate",
  title: "TLS client certificate",
  via: "client certificate",
  stage: "handshake",
  asksForCertificate: true,
  // A browser shows the certificate by itself, whichever site asks it to connect.
  checksOrigin: true,
  leavesOut: {
    ws: inTls,
    "https+ws": inTls,
    "same-origin": "the app's port would ask every visitor for a certificate",
    rotation: oneASession,
    "rotation-single-use": oneASession,
    "rotation-new-user": oneASession,
    recovery: oneASession,
    backoff: oneASession,
    "expired-open": oneAStart,
    "expired-unwatched": oneAStart,
    leaks: noToken,
    "token-jwt": noToken,
    "token-awkward": noToken,
    "token-4k": noToken,
    "token-8k": noToken,
    "token-16k": noToken,
  },
  readCredential({ certificate }) {
    if (certificate === undefined) return undefined;
    // The name alone proves nothing: anybody can make a certificate that says the same.
    return { id: certificate.commonName, proven: certificate.authorized };
  },
};

/** The page makes no request before, by which its browser could choose a certificate. */
export const clientCertificateAlone: Technique = {
  ...clientCertificate,
  id: "client-certificate-alone",
  folder: "client-certificate",
  browser: "browser-alone.ts",
  title: "TLS client certificate, socket alone",
};
