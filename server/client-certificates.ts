// Needed by @peculiar/x509, whose parts are wired by decorators.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";
import { keyAlgorithm, keyPem, makeKeys, selfSigned } from "./x509.ts";

/** A client's certificate and its key, in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a client certificate says. */
export interface CertificateTerms {
  /** The common name of its subject. */
  readonly commonName: string;
  /** Negative: it ran out that long ago. */
  readonly lifetimeMs: number;
}

/** An authority whose certificates name clients, and no servers. */
export interface ClientAuthority {
  /** Its own certificate in PEM, which servers check clients' certificates against. */
  readonly certificate: string;
  issue(terms: CertificateTerms): Promise<ClientCertificate>;
}

const hourMs = 3_600_000;
const authorityLifetimeMs = 48 * hourMs;
/** Browsers show only certificates of the authorities that a server names (RFC 8446, 4.2.4): a forger's has the same name. */
const subject = "CN=WebSocket Auth Lab client authority";

/** Makes an authority that lives as long as this process: its key touches no disk, and no browser trusts it. */
export async function createClientAuthority(): Promise<ClientAuthority> {
  const keys = await makeKeys({ extractable: false });
  const now = Date.now();
  const certificate = await selfSigned({
    name: subject,
    notBefore: new Date(now - authorityLifetimeMs),
    notAfter: new Date(now + authorityLifetimeMs),
    keys,
    extensions: [await SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  return {
    certificate: certificate.toString("pem"),
    async issue({ commonName, lifetimeMs }) {
      const own = await makeKeys({ extractable: true });
      const issuedAt = Date.now();
      const issued: X509Certificate = await X509CertificateGenerator.create({
        subject: [{ CN: [commonName] }],
        issuer: certificate.subject,
        notBefore: new Date(issuedAt - hourMs),
        notAfter: new Date(issuedAt + lifetimeMs),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: keyAlgorithm,
        extensions: [
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
          // Tells authorities of one name apart before a signature is checked. In Node 26 one that is
          // found bad ends the connection after the handshake, in spite of `rejectUnauthorized: false`.
          await AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      return { cert: issued.toString("pem"), key: await keyPem(own.privateKey) };
    },
  };
}
