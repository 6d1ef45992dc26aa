// Needed by @peculiar/x509, whose parts are wired by decorators.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
  type X509CertificateCreateSelfSignedParams,
} from "@peculiar/x509";

/** Of every key that the lab makes for a certificate, and of every signature with one. */
export const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** As the library's types know them, which are older than Node's. */
type Keys = X509CertificateCreateSelfSignedParams["keys"];

/** A pair of keys; one that is not `extractable` can be written down nowhere. */
export function makeKeys({ extractable }: { readonly extractable: boolean }): Promise<Keys> {
  return crypto.subtle.generateKey(keyAlgorithm, extractable, ["sign", "verify"]);
}

/** A private key in PEM. Rejects for a key that is not extractable. */
export async function keyPem(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** What the certificate of an authority says. */
export interface AuthorityTerms {
  /** A distinguished name: "CN=…". */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keys: Keys;
  readonly extensions?: readonly Extension[];
}

/** Makes the certificate of an authority that vouches for leaves, and for no other authority. */
export function selfSigned({
  extensions = [],
  ...terms
}: AuthorityTerms): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    ...terms,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ...extensions,
    ],
  });
}
