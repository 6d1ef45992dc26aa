import { nanoid } from "nanoid";
import type { PageReport, PlantedCookie } from "../model/lab-api.ts";
import type { Attempt, Evidence, PageEvent, Search, Serial } from "../model/observation.ts";
import type { AttemptPlan, Placement, Scheme } from "../model/trial.ts";
import type { PageCredential } from "../techniques/connect.ts";
import type { EvidenceLog } from "./evidence.ts";
import { sharedDomain, socketIsSecure } from "./host-names.ts";
import {
  jsonWebTokensIn,
  redactJsonWebTokens,
  type JsonWebTokenIssuer,
} from "./json-web-tokens.ts";
import type { Canary } from "./leak-scan.ts";
import type { LeftBehindLog } from "./left-behind.ts";
import { headOf, type HeadDetail, type RawHead } from "./request-head.ts";
import { search, type Searchable } from "./searches.ts";
import type { Stays } from "./stays.ts";
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
  /** As in AttemptTask. */
  readonly plants: PlantedCookie | null;
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
  readonly stays: Pick<Stays, "expect" | "forget" | "release">;
  readonly jsonWebTokens: JsonWebTokenIssuer;
  readonly evidence: EvidenceLog;
  readonly leftBehind: Pick<LeftBehindLog, "take">;
  /** What a reverse proxy logged of an attempt that had this endpoint, once that are as many requests as it passed on. */
  proxyLog(attemptId: string, endpoint: URL, count: number): Promise<Searchable>;
  /** The WebSocket address of a technique for a page. That of a searched attempt may lead through a proxy. */
  endpoint(technique: string, page: PagePlace, isSearched?: boolean): URL;
  /** Where connections are refused. */
  closedPort(): Promise<number>;
  /** The technique's own routes on the page's origin. */
  home(technique: string, page: PagePlace): URL;
  /** The cookie that holds a technique's credential, and whether that is something that was traded for the token. */
  cookie(technique: string): { readonly name: string; readonly isTraded: boolean } | undefined;
}

/** What an attempt is opened with, besides its plan. */
export interface AttemptTerms {
  readonly lifetimeMs?: number;
  readonly installed?: Installed | null;
  /** The trial's first attempt, for a plan that presents its credential again. */
  readonly first?: Pick<OpenAttempt, "credential" | "given"> | undefined;
  /** How much of its requests' heads becomes evidence; absent: what says who asks and with what. */
  readonly heads?: HeadDetail;
}

/** How long a server's side of a closed connection may take to close too. */
const evidencePatienceMs = 1_000;
/** A trial's tokens outlive its deadlines, so that only those which should expire do. */
const trialLifetimeMs = 60_000;
const expiredLifetimeMs = 1;
/** More attempts than that are never open at once. */
const maxPlans = 1_000;
/** Long enough to get in with, and short enough to wait for. */
const lapsingLifetimeMs = 2_000;
/** Who else there is, when a trial needs somebody else. */
const somebodyElse = "mallory";

/** A plan, and where it holds. */
interface PlannedFor {
  readonly plan: AttemptPlan;
  readonly technique: string;
  /** The server's, and that of the technique's routes on the page's own. */
  readonly hosts: readonly string[];
  readonly heads: HeadDetail;
}

/** Hands out attempts, and joins what the page reports with what the servers saw. */
export class Attempts {
  readonly #surroundings: AttemptSurroundings;
  readonly #plans = new Map<string, PlannedFor>();

  constructor(surroundings: AttemptSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Makes the credential that the plan asks for. Resolves once it is what it should be: expired, for one. */
  async open(
    plan: AttemptPlan,
    technique: string,
    page: PagePlace,
    {
      lifetimeMs = trialLifetimeMs,
      installed = null,
      first,
      heads = "credentials",
    }: AttemptTerms = {},
  ): Promise<OpenAttempt> {
    const id = nanoid();
    const { credential, given } =
      installed === null || (plan.present === "none" && installed.serial !== null)
        ? await this.#handOut(plan, lifetimeMs, first)
        : // The page holds no part of it, and is to do what it does with every credential.
          { credential: { user: plan.user, token: "" }, given: installed.serial };
    const plants = plan.plants === true ? this.#planted(plan, technique, page) : null;
    const endpoint = this.#surroundings.endpoint(technique, page, plan.searched === true);
    if (plan.fault === "down") endpoint.port = String(await this.#surroundings.closedPort());
    endpoint.searchParams.set("attempt", id);
    const home = this.#surroundings.home(technique, page);
    home.searchParams.set("attempt", id);
    const hosts = [endpoint.hostname, home.hostname];
    this.#plans.set(id, { plan, technique, hosts, heads });
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > maxPlans && oldest !== undefined) this.#plans.delete(oldest);
    this.#surroundings.evidence.open(id);
    this.#surroundings.stays.expect({ id, given, plan, lifetimeMs: lapsingLifetimeMs });
    return {
      id,
      technique,
      endpoint,
      home,
      credential:
        plants === null || credential === null
          ? credential
          : this.#asStored(credential, given, technique),
      given,
      renewal: this.#renewal(plan, lifetimeMs),
      plants,
      plan,
    };
  }

  /**
   * What an attempt that is open is about. It holds for its own technique on its own hosts only:
   * elsewhere its id would switch off what protects others.
   */
  planOf(
    attemptId: string | null,
    technique: string,
    host: string | undefined,
  ): AttemptPlan | undefined {
    const planned = attemptId === null ? undefined : this.#plans.get(attemptId);
    if (planned?.technique !== technique || host === undefined) return undefined;
    return planned.hosts.includes(host) ? planned.plan : undefined;
  }

  /** What evidence says of the head of a request of an attempt that is open; undefined: it belongs to none. */
  headOf(attemptId: string | null, request: RawHead): readonly string[] | undefined {
    const planned = attemptId === null ? undefined : this.#plans.get(attemptId);
    if (planned === undefined) return undefined;
    const { tokens } = this.#surroundings;
    return headOf(request, planned.heads, (text) => [
      ...tokens.knownIn(text),
      ...jsonWebTokensIn(text),
    ]);
  }

  /** Ends an attempt that nobody will report on. */
  abandon({ id }: Pick<OpenAttempt, "id">): void {
    this.#plans.delete(id);
    this.#surroundings.stays.release(id);
  }

  /**
   * Joins both ends. Secrets that found their way into a text are replaced by their serial. `console`:
   * what the browser's showed, asked for when everything else is over.
   */
  async complete(
    attempt: OpenAttempt,
    { end, events, traces }: PageReport,
    console: () => Promise<Searchable> = () =>
      Promise.resolve({ unsearched: "nobody listened to the console" }),
  ): Promise<Attempt> {
    const evidence = await this.#surroundings.evidence.take(attempt.id, evidencePatienceMs);
    this.#plans.delete(attempt.id);
    this.#surroundings.stays.forget(attempt.id);
    const redact = (text: string): string =>
      this.#surroundings.tokens.redact(redactJsonWebTokens(text));
    const searches =
      attempt.plan.searched === true
        ? await this.#search(attempt, traces, console, redact)
        : undefined;
    const renewedWith = attempt.renewal?.serial;
    return {
      ...attempt.plan,
      given: attempt.given,
      ...(renewedWith !== undefined && { renewedWith }),
      ...(searches !== undefined && { searches }),
      end,
      events: events.map((event) => redactEvent(event, redact)),
      evidence: evidence.map((entry) => redactEvidence(entry, redact)),
    };
  }

  /** Looks for the attempt's token, and for what it was traded for. */
  async #search(
    { id, endpoint, credential, given, renewal }: OpenAttempt,
    traces: PageReport["traces"],
    console: () => Promise<Searchable>,
    redact: (text: string) => string,
  ): Promise<readonly Search[]> {
    const { tokens, leftBehind: log } = this.#surroundings;
    const leftBehind = log.take(id);
    const proxyLog = await this.#surroundings.proxyLog(id, endpoint, leftBehind.proxied);
    const known = (serial: Serial | null, secret = ""): Canary[] =>
      serial === null
        ? []
        : [...new Set([secret, ...tokens.secretsOf(serial)])]
            .filter((one) => one !== "")
            .map((one) => ({ serial, secret: one }));
    const canaries = [
      ...known(given, credential?.token),
      ...known(renewal?.serial ?? null, renewal?.token),
    ];
    return search(canaries, { leftBehind, traces, console: await console(), proxyLog }, redact);
  }

  async #handOut(
    plan: AttemptPlan,
    lifetimeMs: number,
    first: AttemptTerms["first"],
  ): Promise<Pick<OpenAttempt, "credential" | "given">> {
    if (plan.present === "again") {
      if (first === undefined) throw new Error("the first attempt has nothing to present again");
      return first;
    }
    const lapses = plan.afterwards === "stay";
    const credential = await this.issue(plan, lapses ? lapsingLifetimeMs : lifetimeMs);
    return { credential, given: credential?.serial ?? null };
  }

  #planted(
    { from = "page" }: AttemptPlan,
    technique: string,
    page: PagePlace,
  ): PlantedCookie | null {
    const cookie = this.#surroundings.cookie(technique);
    if (cookie === undefined) return null;
    // The most specific path, so that it is sent before the victim's own (RFC 6265, 5.4).
    const { pathname } = this.#surroundings.endpoint(technique, page);
    const domain =
      from === "sibling-page" ? [`Domain=${sharedDomain(page.hostname, page.placement)}`] : [];
    const secure = socketIsSecure(page.scheme) ? ["Secure"] : [];
    return { name: cookie.name, attributes: [`Path=${pathname}`, ...domain, ...secure].join("; ") };
  }

  /** What the technique's cookie holds for a user who has logged in with this token. */
  #asStored(
    { user, token }: PageCredential,
    given: Serial | null,
    technique: string,
  ): PageCredential {
    if (given === null || this.#surroundings.cookie(technique)?.isTraded !== true) {
      return { user, token };
    }
    const { tokens } = this.#surroundings;
    const derived = tokens.derive({ serial: given, user, secret: token }, trialLifetimeMs, false);
    return { user, token: derived.secret };
  }

  /** Makes a credential as the plan asks for it; null when it asks for none. Resolves once it is what it should be. */
  async issue(
    { present, user, singleUse, shape = "opaque" }: Omit<AttemptPlan, "expect">,
    lifetimeMs: number,
  ): Promise<HandedOut | null> {
    const { tokens, jsonWebTokens } = this.#surroundings;
    switch (present) {
      case "none":
      case "replayed":
      case "again":
        return null;
      case "forged":
        return handOut(tokens.forge(user));
      case "fresh": {
        if (shape !== "jwt") return handOut(tokens.issue(user, lifetimeMs, singleUse, shape));
        const { serial } = tokens.issue(user, lifetimeMs, singleUse);
        const token = await jsonWebTokens.issue(serial, user, lifetimeMs);
        tokens.tellOf(token, serial);
        return { user, serial, token };
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
