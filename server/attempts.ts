import { nanoid } from "nanoid";
import type { PageReport } from "../model/lab-api.ts";
import type { Attempt, Evidence, PageEvent, Serial } from "../model/observation.ts";
import type { AttemptPlan, Placement, Scheme } from "../model/trial.ts";
import type { EvidenceLog } from "./evidence.ts";
import type { Token, Tokens } from "./tokens.ts";

/** An attempt that was handed to a page and not yet reported on. */
export interface OpenAttempt {
  readonly id: string;
  readonly technique: string;
  readonly endpoint: URL;
  /** The technique's own routes on the page's origin. */
  readonly home: URL;
  readonly credential: { readonly user: string; readonly token: string } | null;
  readonly given: Serial | null;
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
  ): Promise<OpenAttempt> {
    const id = nanoid();
    const token = await this.#credential(plan, lifetimeMs);
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
      credential: token === null ? null : { user: token.user, token: token.secret },
      given: token?.serial ?? null,
      plan,
    };
  }

  /** Joins both ends. Secrets that found their way into a text are replaced by their serial. */
  async complete(attempt: OpenAttempt, { end, events }: PageReport): Promise<Attempt> {
    const evidence = await this.#surroundings.evidence.take(attempt.id, evidencePatienceMs);
    const redact = (text: string): string => this.#surroundings.tokens.redact(text);
    return {
      ...attempt.plan,
      given: attempt.given,
      end,
      events: events.map((event) => redactEvent(event, redact)),
      evidence: evidence.map((entry) => redactEvidence(entry, redact)),
    };
  }

  async #credential(
    { present, user, singleUse }: AttemptPlan,
    lifetimeMs: number,
  ): Promise<Token | null> {
    const { tokens } = this.#surroundings;
    switch (present) {
      case "none":
        return null;
      case "forged":
        return tokens.forge(user);
      case "fresh":
        return tokens.issue(user, lifetimeMs, singleUse);
      case "expired": {
        const token = tokens.issue(user, expiredLifetimeMs, singleUse);
        await tokens.whenExpired(token);
        return token;
      }
    }
  }
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
    case "exception":
      return { ...event, name: redact(event.name), message: redact(event.message) };
    case "error":
      return event;
  }
}
