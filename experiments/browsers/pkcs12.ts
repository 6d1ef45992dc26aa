import {
  createHash,
  createHmac,
  createPrivateKey,
  randomBytes,
  X509Certificate,
} from "node:crypto";

import type { ClientCertificate } from "./browser.ts";

const oids = {
  data: "2a864886f70d010701",
  keyBag: "2a864886f70d010c0a0101",
  certBag: "2a864886f70d010c0a0103",
  x509: "2a864886f70d01091601",
  friendlyName: "2a864886f70d010914",
  localKeyId: "2a864886f70d010915",
  sha256: "608648016503040201",
} as const;

const tags = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, bmp: 0x1e } as const;
const constructed = { sequence: 0x30, set: 0x31, explicit: 0xa0 } as const;

const iterations = 1;
/** What the hash of PKCS #12's key derivation takes in at once, and gives out. */
const [blockBytes, digestBytes] = [64, 32] as const;

/**
 * A certificate and its key as a PKCS #12 file (RFC 7292), the only form in which NSS takes in a key.
 * The key is not encrypted in it: the file is for a folder that nobody else may read.
 */
export function toPkcs12({ cert, key }: ClientCertificate, name: string, password: string): Buffer {
  const certificate = new X509Certificate(cert).raw;
  const privateKey = createPrivateKey(key).export({ format: "der", type: "pkcs8" });
  const attributes = der(
    constructed.set,
    sequence(oid("friendlyName"), der(constructed.set, der(tags.bmp, bmp(name)))),
    sequence(
      oid("localKeyId"),
      der(constructed.set, der(tags.octets, createHash("sha1").update(certificate).digest())),
    ),
  );
  const bags = sequence(
    sequence(oid("keyBag"), explicit(privateKey), attributes),
    sequence(
      oid("certBag"),
      explicit(sequence(oid("x509"), explicit(der(tags.octets, certificate)))),
      attributes,
    ),
  );
  const safe = sequence(data(bags));
  const salt = randomBytes(8);
  const digest = createHmac("sha256", macKey(password, salt)).update(safe).digest();
  const mac = sequence(
    sequence(sequence(oid("sha256"), der(tags.null)), der(tags.octets, digest)),
    der(tags.octets, salt),
    integer(iterations),
  );
  return sequence(integer(3), data(safe), mac);
}

function data(content: Buffer): Buffer {
  return sequence(oid("data"), explicit(der(tags.octets, content)));
}

/** RFC 7292, appendix B.2, for one block of output, purpose 3 and one iteration. */
function macKey(password: string, salt: Buffer): Buffer {
  const filled = (bytes: Buffer): Buffer =>
    Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
  const diversifier = Buffer.alloc(blockBytes, 3);
  const hash = createHash("sha256").update(diversifier).update(filled(salt));
  return hash
    .update(filled(bmp(`${password}\0`)))
    .digest()
    .subarray(0, digestBytes);
}

/** UTF-16, the most significant byte first. */
function bmp(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(constructed.sequence, ...parts);
}

function explicit(content: Buffer): Buffer {
  return der(constructed.explicit, content);
}

function integer(value: number): Buffer {
  return der(tags.integer, Buffer.from([value]));
}

function oid(name: keyof typeof oids): Buffer {
  return der(tags.oid, Buffer.from(oids[name], "hex"));
}

/** Tag, length and value (X.690, 8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), value]);
}
