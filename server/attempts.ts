import { nanoid } from "nanoid";
import type { PageReport } from "../model/lab-api.ts";
import type { Attempt, Evidence, PageEvent, Serial } from "../model/observation.ts";
import type { AttemptPlan, Placement, Scheme } from "../model/trial.ts";
import type { PageCredential } from "../techniques/connect.ts";
import type { EvidenceLog } from "./evidence.ts";
import { redactJsonWebTokens, type JsonWebTokenIssuer } from "./json-web-tokens.ts";
import type { Token, Tokens } from "./tokens.ts";

/** A credential for a page, with its public name. */
interface HandedOut extends PageCredential {
  readonly serial: Serial;
}

/** What a browser was given before it started, for all connections of its session: a credential's public name, or null for none. */
export interface Installed {
  readonly serial: Serial | null;
}

/** An attempt that was handed to a page and not yet reported on. */
export interface OpenAttempt {
  readonly id: string;
  readonly technique: string;
  readonly endpoint: URL;
  /** The technique's own routes on the page's origin. */
  readonly home: URL;
  readonly credential: PageCredential | null;
  readonly given: Serial | null;
  /** What is to be presented on the open connection. */
  readonly renewal: HandedOut | null;
  readonly plan: AttemptPlan;
}

/** Where a page is: its host, whether it and its socket are over TLS, and where its WebSocket servers are. */
export interface PagePlace {
  readonly hostname: string;
  readonly scheme: Scheme;
  readonly placement: Placement;
}

/** What attempts are made of. */
export interface AttemptSurroundings {
  readonly tokens: Tokens;
  readonly jsonWebTokens: JsonWebTokenIssuer;
  readonly evidence: EvidenceLog;
  /** The WebSocket address of a technique for a page. */
  endpoint(technique: string, page: PagePlace): URL;
  /** The technique's own routes on the page's origin. */
  home(technique: string, page: PagePlace): URL;
}

/** How long a server's side of a closed connection may take to close too. */
const evidencePatienceMs = 1_000;
/** A trial's tokens outlive its deadlines, so that only those which should expire do. */
const trialLifetimeMs = 60_000;
const expiredLifetimeMs = 1;
/** Long enough to get in with, and short enough to wait for. */
const lapsingLifetimeMs = 2_000;
/** Who else there is, when a trial needs somebody else. */
const somebodyElse = "mallory";

/** Hands out attempts, and joins what the page reports with what the servers saw. */
export class Attempts {
  readonly #surroundings: AttemptSurroundings;

  constructor(surroundings: AttemptSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Makes the credential that the plan asks for. Resolves once it is what it should be: expired, for one. */
  async open(
    plan: AttemptPlan,
    technique: string,
    page: PagePlace,
    lifetimeMs: number = trialLifetimeMs,
    installed: Installed | null = null,
  ): Promise<OpenAttempt> {
    const id = nanoid();
    const { credential, given } =
      installed === null
        ? await this.#handOut(plan, plan.afterwards === "stay" ? lapsingLifetimeMs : lifetimeMs)
        : // The page holds no part of it, and is to do what it does with every credential.
          { credential: { user: plan.user, token: "" }, given: installed.serial };
    const endpoint = this.#surroundings.endpoint(technique, page);
    endpoint.searchParams.set("attempt", id);
    const home = this.#surroundings.home(technique, page);
    home.searchParams.set("attempt", id);
    this.#surroundings.evidence.open(id);
    return {
      id,
      technique,
      endpoint,
      home,
      credential,
      given,
      renewal: this.#renewal(plan, lifetimeMs),
      plan,
    };
  }

  /** Joins both ends. Secrets that found their way into a text are replaced by their serial. */
  async complete(attempt: OpenAttempt, { end, events }: PageReport): Promise<Attempt> {
    const evidence = await this.#surroundings.evidence.take(attempt.id, evidencePatienceMs);
    const redact = (text: string): string =>
      this.#surroundings.tokens.redact(redactJsonWebTokens(text));
    const renewedWith = attempt.renewal?.serial;
    return {
      ...attempt.plan,
      given: attempt.given,
      ...(renewedWith !== undefined && { renewedWith }),
      end,
      events: events.map((event) => redactEvent(event, redact)),
      evidence: evidence.map((entry) => redactEvidence(entry, redact)),
    };
  }

  async #handOut(
    plan: AttemptPlan,
    lifetimeMs: number,
  ): Promise<Pick<OpenAttempt, "credential" | "given">> {
    const credential = await this.issue(plan, lifetimeMs);
    return { credential, given: credential?.serial ?? null };
  }

  /** Makes a credential as the plan asks for it; null when it asks for none. Resolves once it is what it should be. */
  async issue(
    { present, user, singleUse, shape = "opaque" }: Omit<AttemptPlan, "expect">,
    lifetimeMs: number,
  ): Promise<HandedOut | null> {
    const { tokens, jsonWebTokens } = this.#surroundings;
    switch (present) {
      case "none":
        return null;
      case "forged":
        return handOut(tokens.forge(user));
      case "fresh": {
        if (shape !== "jwt") return handOut(tokens.issue(user, lifetimeMs, singleUse, shape));
        const { serial } = tokens.issue(user, lifetimeMs, singleUse);
        return { user, serial, token: await jsonWebTokens.issue(serial, user, lifetimeMs) };
      }
      case "expired": {
        const token = tokens.issue(user, expiredLifetimeMs, singleUse);
        await tokens.whenExpired(token);
        return handOut(token);
      }
    }
  }

  #renewal({ afterwards, user, singleUse }: AttemptPlan, lifetimeMs: number): HandedOut | null {
    if (afterwards !== "renew" && afterwards !== "renew-as-another") return null;
    const owner = afterwards === "renew" ? user : somebodyElse;
    return handOut(this.#surroundings.tokens.issue(owner, lifetimeMs, singleUse));
  }
}

function handOut({ user, serial, secret }: Token): HandedOut {
  return { user, serial, token: secret };
}

function redactEvidence(entry: Evidence, redact: (text: string) => string): Evidence {
  switch (entry.type) {
    case "request":
      return { ...entry, origin: entry.origin === null ? null : redact(entry.origin) };
    case "close":
      return { ...entry, reason: redact(entry.reason) };
    case "message":
      return entry;
  }
}

function redactEvent(event: PageEvent, redact: (text: string) => string): PageEvent {
  switch (event.type) {
    case "open":
      return { ...event, protocol: redact(event.protocol) };
    case "message":
      return { ...event, data: redact(event.data) };
    case "close":
      return { ...event, reason: redact(event.reason) };
    case "refusal":
      return { ...event, code: redact(event.code), reason: redact(event.reason) };
    case "exception":
      return { ...event, name: redact(event.name), message: redact(event.message) };
    case "error":
      return event;
  }
}
