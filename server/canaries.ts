import { createHash } from "node:crypto";
import type { Serial, TokenEncoding } from "../model/observation.ts";

/** A secret that was found where none may be. */
export interface Sighted {
  readonly serial: Serial;
  readonly encoding: TokenEncoding;
}

interface Canary {
  readonly serial: Serial;
  readonly digest: string;
}

const coreLength = 34;
const keyLength = 12;

/**
 * Recognises every secret that was ever handed out, long after it is forgotten: it keeps no secret, only
 * where one begins, and a digest. Memory is bounded: the oldest makes room for the newest.
 */
export class Canaries {
  readonly #capacity: number;
  /** By their first characters. */
  readonly #known = new Map<string, Canary>();

  constructor(capacity: number = 1_000_000) {
    this.#capacity = capacity;
  }

  /** Remembers a secret by the 34 characters that make it one; in a JSON Web Token these are the signature's. Can be passed on by itself. */
  readonly add = (secret: string, serial: Serial): void => {
    const core = secret.slice(secret.lastIndexOf(".") + 1).slice(0, coreLength);
    this.#known.set(core.slice(0, keyLength), { serial, digest: digest(core) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#capacity && oldest !== undefined) this.#known.delete(oldest);
  };

  /**
   * The first secret in a text, plain, percent-encoded or in base64, one within the other. Looks up what
   * has the form of one, so that the time it takes does not depend on how many are known.
   */
  findIn(text: string): Sighted | null {
    return this.#find(text, "raw", 2);
  }

  #find(text: string, encoding: TokenEncoding, depth: number): Sighted | null {
    const serial = this.#plainIn(text);
    if (serial !== null) return { serial, encoding };
    if (depth === 0) return null;
    if (text.includes("%")) {
      const decoded = text.replaceAll(/%[\da-f]{2}/giu, (escape) =>
        String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
      );
      const kind = encoding === "raw" ? "percent" : encoding;
      const found = decoded === text ? null : this.#find(decoded, kind, depth - 1);
      if (found !== null) return found;
    }
    // 34 bytes are 46 characters; neither where base64 begins is known, nor at which place in a quantum a secret does.
    for (const [run] of text.matchAll(/[\w+/-]{46,}/gu)) {
      const kind = /[_-]/u.test(run) ? "base64url" : "base64";
      for (let shift = 0; shift < 4; shift += 1) {
        const decoded = Buffer.from(run.slice(shift), "base64").toString("latin1");
        const found = this.#find(decoded, kind, depth - 1);
        if (found !== null) return found;
      }
    }
    return null;
  }

  #plainIn(text: string): Serial | null {
    for (const [run] of text.matchAll(/[\w-]{34,}/gu)) {
      for (let start = 0; start + coreLength <= run.length; start += 1) {
        const canary = this.#known.get(run.slice(start, start + keyLength));
        if (canary === undefined) continue;
        if (canary.digest === digest(run.slice(start, start + coreLength))) return canary.serial;
      }
    }
    return null;
  }
}

/** Secrets are random, so that nothing slower is needed to keep them from being guessed. */
function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
