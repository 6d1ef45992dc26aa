import { timingSafeEqual } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { nanoid } from "nanoid";
import type { Presented, Serial } from "../model/observation.ts";
import type { TokenShape } from "../model/trial.ts";
import { defaultConfig, type TokenLimits } from "./config.ts";
import { itemsOf, withItem, withoutItem, type Few } from "./few.ts";
import { idOf, TokenEntries, type Kept } from "./token-entries.ts";

/** A secret with its public name. Times are milliseconds on the clock that the store was given. */
export interface Token {
  readonly serial: Serial;
  /** It begins with the public id, by which it is looked up; what follows is compared in constant time. */
  readonly secret: string;
  readonly user: string;
  readonly expiresAt: number;
  readonly singleUse: boolean;
}

/** Why a token is not accepted. */
export type TokenRefusal =
  | "unknown token"
  | "expired token"
  | "token already used"
  | "revoked token";

/** The outcome of redeeming a secret. */
export type Redemption =
  | { readonly accepted: true; readonly token: Token }
  | { readonly accepted: false; readonly refusal: TokenRefusal };

/** Settings of a token store. */
export interface TokenSettings extends TokenLimits {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Told of every secret that is made. */
  readonly onSecret: (secret: string, serial: Serial) => void;
}

/** Told when a secret is revoked, or the token that it was traded for. */
export interface RevocationWatcher {
  revoked(): void;
}

/**
 * A token in the store, which alone changes it. There may be a million, each of which the garbage
 * collector has to move twice: so it is one object with one text, and its numbers are whole, for which V8
 * makes no objects.
 */
export class TokenEntry implements Kept<TokenEntry> {
  readonly secret: string;
  readonly number: number;
  readonly user: string;
  readonly expiresAt: number;
  readonly singleUse: boolean;
  readonly isDerived: boolean;
  /** The token that this one was traded for; null for those that the store does not hold. */
  readonly origin: TokenEntry | null;
  /** When those have to leave who came in with it: at the end of the token that somebody began with. */
  readonly stayEndsAt: number;
  watchers: Few<RevocationWatcher> = undefined;
  state: "live" | "used" | "revoked" = "live";
  /** At the least, and beyond what all are remembered for; on the store's clock. */
  rememberedUntil = 0;
  older: TokenEntry | null = null;
  newer: TokenEntry | null = null;

  constructor(
    { serial, secret, user, expiresAt, singleUse }: Token,
    origin: TokenEntry | null,
    stayEndsAt: number,
    isDerived: boolean,
  ) {
    this.secret = secret;
    this.number = Number(serial.slice(1));
    this.user = user;
    this.expiresAt = expiresAt;
    this.singleUse = singleUse;
    this.isDerived = isDerived;
    this.origin = origin;
    this.stayEndsAt = stayEndsAt;
  }

  get serial(): Serial {
    return `#${this.number}`;
  }

  get token(): Token {
    const { serial, secret, user, expiresAt, singleUse } = this;
    return { serial, secret, user, expiresAt, singleUse };
  }
}

/** A token that nothing accepts: evidence can name it. */
interface Forgery extends Kept<Forgery> {}

/** An id and a key of 132 bits. */
const secretLength = 34;
/** The alphabet of nanoid. */
const secretsCharacters = /[\w-]{34,}/gu;

/** What follows the 34 characters of an opaque token. */
const suffixes: Readonly<Record<Exclude<TokenShape, "jwt">, string>> = {
  opaque: "",
  awkward: "=+/:;@%ü€😀",
  "4k": "x".repeat(4 * 1_024 - secretLength),
  "8k": "x".repeat(8 * 1_024 - secretLength),
  "16k": "x".repeat(16 * 1_024 - secretLength),
};

const defaults: TokenSettings = {
  ...defaultConfig.tokens,
  now: () => performance.now(),
  onSecret: () => {},
};

/**
 * Issues tokens and redeems them. Memory is bounded by `capacity`, and no token has a timer: every
 * issue looks at the two entries under a moving hand and drops those that are long dead, so that
 * dead ones never outnumber the living for long. `forgetDead` does so when nobody asks for new ones.
 */
export class Tokens {
  readonly #settings: TokenSettings;
  readonly #entries = new TokenEntries<TokenEntry>();
  readonly #forgeries = new TokenEntries<Forgery>();
  /** The entry that was looked at last; null: the turn begins anew. */
  #hand: TokenEntry | null = null;
  #issued = 0;

  constructor(settings: Partial<TokenSettings> = {}) {
    this.#settings = { ...defaults, ...settings };
  }

  /** How many tokens are held, dead ones that are still remembered included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Tells of a secret that was made elsewhere, and stands for the token with this serial. */
  tellOf(secret: string, serial: Serial): void {
    this.#settings.onSecret(secret, serial);
  }

  /** Makes a token that is accepted for `lifetimeMs` from now. */
  issue(
    user: string,
    lifetimeMs: number,
    singleUse: boolean,
    shape: Exclude<TokenShape, "jwt"> = "opaque",
  ): Token {
    this.forgetDead(2);
    const token = this.#mint(user, this.#in(lifetimeMs), singleUse, suffixes[shape]);
    this.#hold(new TokenEntry(token, null, token.expiresAt, false));
    return token;
  }

  /**
   * Makes another secret that stands for `token`, under the same serial, for `lifetimeMs` from now.
   * It falls with the token when that is revoked. `stayMs`: how long a token that the store does not hold
   * is still good.
   */
  derive(
    { serial, user, secret }: Pick<Token, "serial" | "user" | "secret">,
    lifetimeMs: number,
    singleUse: boolean,
    stayMs: number = lifetimeMs,
  ): Token {
    this.forgetDead(2);
    const expiresAt = this.#in(lifetimeMs);
    const derived = { serial, user, secret: nanoid(secretLength), expiresAt, singleUse };
    const parent = this.#find(secret);
    const origin = parent?.origin ?? parent ?? null;
    const stayEndsAt = parent?.stayEndsAt ?? this.#in(stayMs);
    this.tellOf(derived.secret, serial);
    this.#hold(new TokenEntry(derived, origin, stayEndsAt, true));
    return derived;
  }

  /** Makes a token of the same shape that is not in the store: evidence can name it, nothing accepts it. */
  forge(user: string): Token {
    const token = this.#mint(user, Number.POSITIVE_INFINITY, false, "");
    this.#forgeries.add({ secret: token.secret, number: this.#issued, older: null, newer: null });
    const { oldest, size } = this.#forgeries;
    if (size > this.#settings.capacity && oldest !== null) this.#forgeries.delete(oldest);
    return token;
  }

  /** Accepts a secret or says why not. A single-use token is spent by being accepted. */
  redeem(secret: string): Redemption {
    const entry = this.#find(secret);
    if (entry === undefined) return { accepted: false, refusal: "unknown token" };
    return this.redeemHeld(entry);
  }

  /** What is held under a secret, which is so compared once for all that is asked about it; undefined: nothing. */
  held(secret: string): TokenEntry | undefined {
    return this.#find(secret);
  }

  /** As `redeem`, for what is held. */
  redeemHeld(entry: TokenEntry): Redemption {
    if (entry.state === "revoked" || entry.origin?.state === "revoked") {
      return { accepted: false, refusal: "revoked token" };
    }
    if (entry.state === "used") return { accepted: false, refusal: "token already used" };
    if (this.#settings.now() >= entry.expiresAt) {
      return { accepted: false, refusal: "expired token" };
    }
    if (entry.singleUse) entry.state = "used";
    return { accepted: true, token: entry.token };
  }

  /** Remembers a secret for `ms` from now at the least, though it dies before. */
  remember(secret: string, ms: number): void {
    const entry = this.#find(secret);
    if (entry !== undefined) entry.rememberedUntil = this.#in(ms);
  }

  /** Whether the secret was made by `derive`. */
  isDerived(secret: string): boolean {
    return this.#find(secret)?.isDerived === true;
  }

  /** Whose secret it is, dead or alive; undefined when the store does not hold it. */
  ownerOf(secret: string): string | undefined {
    return this.#find(secret)?.user;
  }

  /** The public name of a secret that a client presented. */
  nameOf(secret: string): Presented {
    const kept = this.#find(secret) ?? this.#forgeries.get(idOf(secret));
    return kept !== undefined && isSame(kept.secret, secret) ? serialOf(kept) : "unrecognised";
  }

  /** The public name of the secret with this public id. */
  nameOfId(id: string): Presented {
    const kept = this.#entries.get(id) ?? this.#forgeries.get(id);
    return kept === undefined ? "unrecognised" : serialOf(kept);
  }

  /** The secret with this public id, dead or alive; undefined when the store does not hold it. */
  secretOf(id: string): string | undefined {
    return this.#entries.get(id)?.secret;
  }

  /** The secrets under this public name that the store still holds: a token, and what was traded for it. */
  secretsOf(serial: Serial): readonly string[] {
    return [...this.#entries.withSerial(serial), ...this.#forgeries.withSerial(serial)].map(
      ({ secret }) => secret,
    );
  }

  /** Whether the store holds the secret, and its time is over. */
  hasRunOut(secret: string): boolean {
    const entry = this.#find(secret);
    return entry !== undefined && this.#settings.now() >= entry.expiresAt;
  }

  /** The public id of a token, which may be told to everybody. */
  idOf({ secret }: Pick<Token, "secret">): string {
    return idOf(secret);
  }

  /**
   * How long whoever came in with a secret may stay, in milliseconds: as long as the token is good that it
   * was traded for, since a ticket is for the door only. 0 for what the store does not hold.
   */
  stayMs(secret: string): number {
    const entry = this.#find(secret);
    return entry === undefined ? 0 : this.stayMsOf(entry);
  }

  /** As `stayMs`, for what is held. */
  stayMsOf({ stayEndsAt }: Pick<TokenEntry, "stayEndsAt">): number {
    return Math.max(0, stayEndsAt - this.#settings.now());
  }

  /** The text with every secret that the store knows replaced by its serial. */
  redact(text: string): string {
    return text.replace(secretsCharacters, (run) => {
      let clean = run;
      for (let start = 0; start + secretLength <= run.length; start += 1) {
        const candidate = run.slice(start, start + secretLength);
        const name = this.#nameOfStart(candidate);
        if (name !== "unrecognised") clean = clean.replaceAll(candidate, `(token ${name})`);
      }
      return clean;
    });
  }

  /** The secrets that a text holds as they are, each once more without what follows the part that makes it one. */
  knownIn(text: string): { readonly serial: Serial; readonly secret: string }[] {
    return [...text.matchAll(secretsCharacters)].flatMap(([run]) => {
      const known: { readonly serial: Serial; readonly secret: string }[] = [];
      for (let start = 0; start + secretLength <= run.length; start += 1) {
        const core = run.slice(start, start + secretLength);
        const kept = this.#startingWith(core);
        if (kept !== undefined) {
          const serial = serialOf(kept);
          known.push({ serial, secret: kept.secret }, { serial, secret: core });
        }
      }
      return known;
    });
  }

  /** Refuses the secret from now on, and tells whoever watches it. False when the store does not hold it. */
  revoke(secret: string): boolean {
    const entry = this.#find(secret);
    if (entry === undefined) return false;
    revokeEntry(entry);
    return true;
  }

  /** As `revoke`, together with the token that the secret was traded for. */
  revokeWithOrigin(secret: string): boolean {
    const entry = this.#find(secret);
    if (entry?.origin) revokeEntry(entry.origin);
    return this.revoke(secret);
  }

  /** Revokes every secret of this serial: the token, and what it was traded for. */
  revokeAll(serial: Serial): void {
    for (const entry of this.#entries.withSerial(serial)) revokeEntry(entry);
  }

  /**
   * Has the watcher told once the secret is revoked, or the token that it was traded for: at once when it
   * is already. Returns what `unwatch` asks for; undefined when there is nothing to hear, for the store
   * does not hold the secret, or it was told already.
   */
  watch(secret: string, watcher: RevocationWatcher): TokenEntry | undefined {
    const entry = this.#find(secret);
    return entry === undefined ? undefined : this.watchHeld(entry, watcher);
  }

  /** As `watch`, for what is held. */
  watchHeld(entry: TokenEntry, watcher: RevocationWatcher): TokenEntry | undefined {
    if (entry.state === "revoked" || entry.origin?.state === "revoked") {
      watcher.revoked();
      return undefined;
    }
    const { origin } = entry;
    entry.watchers = withItem(entry.watchers, watcher);
    if (origin !== null) origin.watchers = withItem(origin.watchers, watcher);
    return entry;
  }

  /** Ends a watch; who was told has to end it, too. */
  unwatch(entry: TokenEntry, watcher: RevocationWatcher): void {
    const { origin } = entry;
    entry.watchers = withoutItem(entry.watchers, watcher);
    if (origin !== null) origin.watchers = withoutItem(origin.watchers, watcher);
  }

  /** Looks at so many entries under the moving hand, one turn of it at the most, and drops those that are long dead: how many there were. */
  forgetDead(looks: number): number {
    const { now, remembranceMs } = this.#settings;
    let dropped = 0;
    for (let looked = 0; looked < looks; looked += 1) {
      const entry = this.#hand === null ? this.#entries.oldest : this.#hand.newer;
      this.#hand = entry;
      if (entry === null) break;
      if (now() >= Math.max(entry.expiresAt + remembranceMs, entry.rememberedUntil)) {
        this.#drop(entry);
        dropped += 1;
      }
    }
    return dropped;
  }

  /** Resolves once the store's own clock has passed the token's end, and never before. */
  async whenExpired({ expiresAt }: Token): Promise<void> {
    for (let left = expiresAt - this.#settings.now(); left > 0;) {
      await delay(Math.ceil(left));
      left = expiresAt - this.#settings.now();
    }
  }

  #find(secret: string): TokenEntry | undefined {
    const entry = this.#entries.get(idOf(secret));
    return entry !== undefined && isSame(entry.secret, secret) ? entry : undefined;
  }

  /** As `nameOf`, by the part that tokens of all shapes begin with. */
  #nameOfStart(start: string): Presented {
    const kept = this.#startingWith(start);
    return kept === undefined ? "unrecognised" : serialOf(kept);
  }

  #startingWith(start: string): TokenEntry | Forgery | undefined {
    const id = idOf(start);
    const kept = this.#entries.get(id) ?? this.#forgeries.get(id);
    return kept?.secret.startsWith(start) === true ? kept : undefined;
  }

  /** The moment that is so far away, at the latest a millisecond later: at a whole one. */
  #in(ms: number): number {
    return Math.ceil(this.#settings.now() + ms);
  }

  #hold(entry: TokenEntry): void {
    this.#entries.add(entry);
    const { oldest, size } = this.#entries;
    if (size > this.#settings.capacity && oldest !== null) this.#drop(oldest);
  }

  #drop(entry: TokenEntry): void {
    if (this.#hand === entry) this.#hand = entry.older;
    this.#entries.delete(entry);
  }

  #mint(user: string, expiresAt: number, singleUse: boolean, suffix: string): Token {
    this.#issued += 1;
    const secret = `${nanoid(secretLength)}${suffix}`;
    this.tellOf(secret, `#${this.#issued}`);
    return { serial: `#${this.#issued}`, secret, user, expiresAt, singleUse };
  }
}

function serialOf({ number }: Pick<TokenEntry, "number">): Serial {
  return `#${number}`;
}

function revokeEntry(entry: TokenEntry): void {
  entry.state = "revoked";
  for (const watcher of itemsOf(entry.watchers)) watcher.revoked();
}

/** Compares in a time that tells nothing of where two texts differ. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
