// Needed by @peculiar/x509, whose parts are wired by decorators.
import "reflect-metadata";
import { createPrivateKey, randomUUID, X509Certificate as NodeCertificate } from "node:crypto";
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { fileURLToPath } from "node:url";
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
  type JsonGeneralName,
} from "@peculiar/x509";
import { errorCode } from "../model/error-code.ts";
import { ConfigError } from "./config.ts";
import { knownHost } from "./known-host.ts";
import { keyAlgorithm, keyPem, makeKeys, selfSigned } from "./x509.ts";

/** What a TLS server presents, by the name that a client asks for. */
export interface Certificates {
  /** The certificate that clients have to trust, in PEM; null when it is not ours. */
  readonly authority: string | null;
  /** For a client that names no host, which is what happens when it connects to an IP address. */
  readonly fallback: { readonly key: string; readonly cert: string };
  contextFor(hostname: string): Promise<SecureContext>;
  /** The same, for servers that ask clients for certificates of the authority `ca`, in PEM. */
  asking(ca: string): Pick<Certificates, "fallback" | "contextFor">;
}

/** Where this checkout keeps its authority. */
export const certificatesDirectory: URL = new URL("../.certificates/", import.meta.url);

const dayMs = 86_400_000;
const authorityLifetimeMs = 3_650 * dayMs;
/** Browsers refuse leaf certificates that are valid for long; 398 days is the strictest limit for public ones. */
const leafLifetimeMs = 90 * dayMs;
const renewalMs = 30 * dayMs;
const maxContexts = 1_000;

/**
 * Opens the local certificate authority in `directory`, which is made on first use, readable by
 * its owner only, and renewed a month before it ends. Leaf certificates are made when a host name
 * is first asked for, and never touch the disk.
 */
export async function openAuthority(directory: URL): Promise<Certificates> {
  const authority = await wrapped(async () => {
    const file = fileURLToPath(new URL("authority.pem", directory));
    const stored = await readAuthority(file);
    return typeof stored === "object" ? stored : await makeAuthority(directory, file, stored);
  });
  const leafKeys = await makeKeys({ extractable: true });
  const key = await keyPem(leafKeys.privateKey);

  const certificateFor = async (...names: readonly string[]): Promise<string> => {
    const now = Date.now();
    const leaf = await X509CertificateGenerator.create({
      // Names are in the extension; a client's text has no place in a distinguished name.
      subject: "CN=WebSocket Auth Lab",
      issuer: authority.certificate.subject,
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + leafLifetimeMs),
      publicKey: leafKeys.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: keyAlgorithm,
      extensions: [
        new SubjectAlternativeNameExtension(
          names.map((value): JsonGeneralName => {
            return { type: isIP(value) === 0 ? "dns" : "ip", value };
          }),
        ),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ],
    });
    return leaf.toString("pem");
  };

  const fallback = { key, cert: await certificateFor("localhost", "127.0.0.1", "::1") };
  const presenting = (asks: { readonly ca?: string }): ReturnType<Certificates["asking"]> => {
    const contexts = new Map<string, { madeAt: number; context: Promise<SecureContext> }>();
    const fallbackContext = createSecureContext({ ...fallback, ...asks });
    return {
      fallback,
      contextFor(name) {
        const hostname = knownHost(name);
        // The authority is trusted by browsers: it vouches for nobody else's names.
        if (hostname === undefined) return Promise.resolve(fallbackContext);
        const known = contexts.get(hostname);
        if (known !== undefined && Date.now() - known.madeAt < leafLifetimeMs - renewalMs) {
          return known.context;
        }
        const context = certificateFor(hostname).then((cert) =>
          createSecureContext({ key, cert, ...asks }),
        );
        context.catch(() => contexts.delete(hostname));
        contexts.set(hostname, { madeAt: Date.now(), context });
        const [oldest] = contexts.keys();
        if (contexts.size > maxContexts && oldest !== undefined) contexts.delete(oldest);
        return context;
      },
    };
  };
  return {
    authority: authority.certificate.toString("pem"),
    ...presenting({}),
    asking: (ca) => presenting({ ca }),
  };
}

/** A certificate that the user brings, for every host name. Throws a ConfigError that names the file. */
export async function readCertificates(certFile: string, keyFile: string): Promise<Certificates> {
  const [cert, key] = [await readPem("--cert", certFile), await readPem("--key", keyFile)];
  try {
    if (!new NodeCertificate(cert).checkPrivateKey(createPrivateKey(key))) {
      throw new ConfigError(`--key ${keyFile} is not the key of --cert ${certFile}`);
    }
    const presenting = (asks: { readonly ca?: string }): ReturnType<Certificates["asking"]> => {
      const context = createSecureContext({ cert, key, ...asks });
      return { fallback: { cert, key }, contextFor: () => Promise.resolve(context) };
    };
    return { authority: null, ...presenting({}), asking: (ca) => presenting({ ca }) };
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(
      `--cert ${certFile} and --key ${keyFile} are not a certificate and its key in PEM: ${String(cause)}`,
      { cause },
    );
  }
}

async function readPem(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${flag} ${path} cannot be read: ${String(cause)}`, { cause });
  }
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly privateKey: CryptoKey;
}

/** What goes wrong with the folder is the user's to mend. */
async function wrapped<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `the certificate authority cannot be kept (${reason}); mend the folder's permissions, or use --no-tls`,
      { cause },
    );
  }
}

/** The stored authority; `unusable` when it is damaged or about to end. */
async function readAuthority(file: string): Promise<Authority | "absent" | "unusable"> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "absent";
    throw error;
  }
  try {
    const [keyDer, certificateDer] = PemConverter.decode(text);
    if (keyDer === undefined || certificateDer === undefined) return "unusable";
    const certificate = new X509Certificate(certificateDer);
    if (certificate.notAfter.getTime() - Date.now() < renewalMs) return "unusable";
    const privateKey = await crypto.subtle.importKey("pkcs8", keyDer, keyAlgorithm, false, [
      "sign",
    ]);
    return { certificate, privateKey };
  } catch {
    // Damaged: browsers that trusted the old one have to be told anew.
    return "unusable";
  }
}

async function makeAuthority(
  directory: URL,
  file: string,
  before: "absent" | "unusable",
): Promise<Authority> {
  const now = Date.now();
  const keys = await makeKeys({ extractable: true });
  const certificate = await selfSigned({
    name: "CN=WebSocket Auth Lab authority of this machine",
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + authorityLifetimeMs),
    keys,
  });
  const secret = await keyPem(keys.privateKey);
  const folder = fileURLToPath(directory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  // Key and certificate in one file that appears whole. Of two labs that start at once the first
  // to link its file wins, and the other one reads it.
  const part = `${file}.${randomUUID()}.part`;
  await writeFile(part, `${secret}\n${certificate.toString("pem")}\n`, { mode: 0o600 });
  if (before === "unusable") await rename(part, file);
  else {
    await link(part, file).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
    await rm(part);
  }
  const kept = await readAuthority(file);
  if (typeof kept === "string") throw new Error(`${file} was written, and cannot be read back`);
  const shared = `${part}.crt`;
  await writeFile(shared, `${kept.certificate.toString("pem")}\n`);
  await rename(shared, fileURLToPath(new URL("authority.crt", directory)));
  return kept;
}
