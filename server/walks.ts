import { EventEmitter } from "node:events";
import { customAlphabet } from "nanoid";
import type { FeatureObservation } from "../model/features.ts";
import type { Point, PreflightReport } from "../model/lab-api.ts";
import type { Attempt, ObservedTrial, TrialFailure } from "../model/observation.ts";
import type { AttemptPlan, Trial } from "../model/trial.ts";
import type { Attempts, Installed, OpenAttempt, PagePlace } from "./attempts.ts";
import {
  domainsOf,
  localHome,
  neighbourOf,
  pageHost,
  type Neighbour,
  type WalkHome,
} from "./host-names.ts";
import type { Parsed, TrialPost } from "./page-report.ts";
import type { Searchable } from "./searches.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { MeanwhileAttempts, ProgramAttempts } from "./program-attempts.ts";

/** A walk id is part of host names: a DNS label has no upper case to tell apart, and 63 characters. */
const walkId = customAlphabet("0123456789abcdefghijklmnopqrstuvwxyz", 16);

const maxWalks = 100;
const maxHeard = 200;
const consolePatienceMs = 1_000;
const maxHeardCharacters = 20_000;

/** What a trial's page is to do next. `next` null: the walk is over. */
export type Instruction =
  | { readonly attempt: OpenAttempt }
  | { readonly next: URL | null }
  | { readonly error: string; readonly next: URL | null };

/** Where the hosts of a visitor's walk are, and what cannot be tried where there is one for all trials. */
export interface VisitorHome extends WalkHome {
  /** Why a trial needs a host that no other trial, and no other visitor, uses; null: it does not. */
  readonly needsOwnHost: (trial: Trial) => string | null;
}

/** Of those whose names reach this machine anyway. */
const ownHome: VisitorHome = { ...localHome, needsOwnHost: () => null };

/** Where things are, as far as a walk must know. */
export interface WalkSurroundings {
  readonly attempts: Attempts;
  readonly programs: ProgramAttempts;
  /** The app's origin for a page: `https://t1.localhost:8443`; or somebody else's, relative to it. */
  readonly pageOrigin: (page: PagePlace, neighbour?: Neighbour) => string;
}

/**
 * The walk of one browser through its trials, each on a host of its own. Emits `preflight` when the
 * first page has reported, `attempt` when a page was given or reported one (both are signs of life),
 * `click` when the current page wants one, `tab` and `restart` when whoever drives the browser is to go
 * on at the current trial's address in another tab or after a restart, `heard` when its console showed
 * a text, and `trial` when a trial has ended.
 */
export class Walk extends EventEmitter<{
  preflight: [];
  attempt: [];
  click: [point: Point];
  tab: [];
  restart: [];
  heard: [text: string];
  trial: [index: number];
}> {
  readonly id: string = walkId();
  readonly startedAt: Date = new Date();
  /** What the time goes into. Whoever drives the browser says so of what happens outside of its pages. */
  readonly stopwatch: Stopwatch = new Stopwatch();
  readonly trials: readonly Trial[];
  /** Where the browser goes after the last trial; null: it stays. */
  readonly destination: URL | null;
  /** Ended trials by index. */
  readonly observed: Map<number, ObservedTrial> = new Map();
  endedAt: Date | null = null;
  /** Domains whose names have to reach this lab in the browser, and nobody has looked whether they do. */
  readonly unexplored: Set<string>;
  /** As the first page's request said it. */
  userAgent: string | null = null;
  /** What the first page found out; empty before. */
  features: readonly FeatureObservation[] = [];
  /** Why nobody can hear what the browser's console shows; null: whoever drives it can. */
  consoleDeaf: string | null = "nobody listened to the browser's console";
  readonly #heard: string[] = [];
  /** Whether the console showed more than is kept. */
  #missed = false;
  readonly #surroundings: WalkSurroundings;
  readonly #installed: Installed | null;
  #home: VisitorHome;
  readonly #attempts: Attempt[] = [];
  #explored = false;
  #cursor = 0;
  #open: OpenAttempt | null = null;
  #busyWith: number | null = null;
  /** How many attempts had been made when the last page began, in the current trial. */
  #begun: number | null = null;
  /** The first attempt's, for those that present it again. */
  #first: OpenAttempt | null = null;
  /** What is done while the open attempt's connection is held. */
  #meanwhile: MeanwhileAttempts | null = null;
  #halted = false;

  constructor(
    trials: readonly Trial[],
    walksTo: "results" | "nowhere",
    around: WalkSurroundings,
    installed: Installed | null = null,
    home: VisitorHome = ownHome,
  ) {
    super();
    this.#home = home;
    this.trials = trials;
    this.#installed = installed;
    this.#surroundings = around;
    // That names under `localhost` are this machine need not be explored.
    const names = home.names === null || home.names === localHome.names ? [] : [home.names];
    this.unexplored = new Set([...names, ...trials.flatMap(domainsOf)]);
    this.destination = walksTo === "results" ? this.#url(home.hostname, `/runs/${this.id}`) : null;
  }

  /** The index of the trial whose turn it is; null when all have ended. */
  get current(): number | null {
    return this.#cursor < this.trials.length ? this.#cursor : null;
  }

  /** The ended trials in the order of the plan. */
  get ended(): readonly ObservedTrial[] {
    return [...this.observed].toSorted(([a], [b]) => a - b).map(([, trial]) => trial);
  }

  /** Whether the first page has reported. */
  get isExplored(): boolean {
    return this.#explored;
  }

  /** Where a browser begins, or goes on: first at the page that finds out what it knows, then at the current trial. */
  get entrance(): URL | null {
    if (this.current === null) return this.destination;
    return this.#explored
      ? this.address(this.current)
      : this.#url(this.#home.hostname, `/runs/${this.id}/preflight`);
  }

  /** The page of a trial, on the trial's own host, or on somebody else's where its next attempt is made from there. */
  address(index: number): URL {
    const next = index === this.current ? this.#planned(index) : undefined;
    return this.#pageOf(index, neighbourOf(next?.from ?? "page"));
  }

  /**
   * Whether pages of a trial are on this origin, which belongs to that trial alone, unless its walk has
   * one host for all: then any page of the lab there could post for it that knew the walk's id, which
   * only its own are told.
   */
  isAt(index: number, origin: string): boolean {
    const { attempts = [] } = this.trials[index] ?? {};
    const callers = attempts.flatMap(({ from = "page" }) =>
      from === "cross-site-frame" ? [from, "cross-site-page" as const] : [from],
    );
    return ["page" as const, ...callers].some(
      (caller) => this.#pageOf(index, neighbourOf(caller)).origin === origin,
    );
  }

  /** The page that stands for an attempt's caller in a frame: on the origin of the top-level page, or on another site. */
  callerPage({ plan: { from = "page" } }: OpenAttempt): URL | null {
    if (this.current === null || !/frame$|sandbox$/u.test(from)) return null;
    const neighbour = from === "cross-site-frame" ? "cross-site" : neighbourOf(from);
    const page = this.#pageOf(this.current, neighbour);
    page.pathname += "/caller";
    return page;
  }

  /** An address under a domain that `preflight` wants to hear about. */
  probe(domain: string): URL {
    return this.#url(`www.${this.id}.${domain}`, `/runs/${this.id}/preflight/probe`);
  }

  /** Ends the trials that cannot be made here before any browser is asked; `why` is null for those that can. */
  exclude(why: (trial: Trial) => string | null): void {
    for (const [index, trial] of this.trials.entries()) {
      const reason = why(trial);
      if (reason !== null) this.#end(index, { outcome: "unsupported", reason });
    }
  }

  /**
   * Takes what the first page found out, and says where to go next: trials on hosts that the browser
   * cannot reach are over, or share a host with others where they can. What is said a second time does
   * not count.
   */
  preflight({ domains, features }: PreflightReport): URL | null {
    if (this.#explored) return this.#next();
    this.#explored = true;
    this.stopwatch.enter("navigation");
    this.features = Object.entries(features).map(([id, finding]) => ({ id, ...finding }));
    this.emit("preflight");
    const problems = new Map(
      [...this.unexplored].map((domain) => [domain, domains[domain] ?? null] as const),
    );
    this.unexplored.clear();
    this.#settle(problems);
    for (const [index, trial] of this.trials.entries()) {
      const domain = domainsOf(trial).find((name) => (problems.get(name) ?? null) !== null);
      if (domain === undefined || this.observed.has(index)) continue;
      const reason = `names under ${domain} do not reach the lab from this browser: ${problems.get(domain)}`;
      this.#end(index, { outcome: "unsupported", reason });
    }
    return this.entrance;
  }

  /** Ends those trials that need a host of their own, where there is none. */
  #settle(problems: ReadonlyMap<string, string | null>): void {
    const { names, hostname, needsOwnHost } = this.#home;
    const problem = names === null ? null : (problems.get(names) ?? null);
    if (names !== null && problem === null) return;
    this.#home = { ...this.#home, names: null };
    const why =
      names === null
        ? "no names lead to it"
        : `names under ${names} do not reach the lab from this browser: ${problem}`;
    for (const [index, trial] of this.trials.entries()) {
      const reason =
        this.observed.has(index) || domainsOf(trial).length > 0 ? null : needsOwnHost(trial);
      if (reason === null) continue;
      const all = `all trials of this visit are on ${hostname} (${why})`;
      this.#end(index, { outcome: "unsupported", reason: `${reason}; ${all}` });
    }
  }

  /**
   * Takes what the page of trial `index` posted from its origin and says what it is to do. A post that
   * makes no sense ends the trial as our failure, and the page is told why.
   */
  async post(index: number, origin: string, post: Parsed<TrialPost>): Promise<Instruction> {
    const trial = this.trials[index];
    if (trial === undefined) return { error: "there is no such trial", next: null };
    if (this.#halted) return { error: "this browser was given up", next: null };
    // A page that was reloaded or gone back to: its trial is over, the walk goes on.
    if (index !== this.current) return { next: this.#next() };
    if (this.#busyWith === index)
      return this.#nonsense("the page posted while its last post was being answered");
    if (!post.ok) return this.#nonsense(`the page posted nonsense: ${post.error}`);
    this.#busyWith = index;
    this.stopwatch.enter("lab");
    try {
      const instruction = await this.#advance(index, trial, origin, post.value);
      // The browser may have been given up meanwhile.
      if (this.stopwatch.phase === "lab" && this.current !== null) {
        this.stopwatch.enter("attempt" in instruction ? "attempts" : "navigation");
      }
      return instruction;
    } catch (error) {
      console.error(error);
      if (this.current !== index) return { next: this.#next() };
      return this.#nonsense("the lab failed; its own output says why");
    } finally {
      if (this.#busyWith === index) this.#busyWith = null;
    }
  }

  /** Takes note of a text that the browser's console showed, which belongs to the attempt that was opened last. */
  heard(text: string): void {
    if (this.#heard.length < maxHeard) this.#heard.push(text.slice(0, maxHeardCharacters));
    if (this.#heard.length === maxHeard || text.length > maxHeardCharacters) this.#missed = true;
    this.emit("heard", text);
  }

  /** Passes on that the page of the current trial wants a click. */
  wantClick(index: number, point: Point): void {
    if (index === this.current && this.#open !== null) this.emit("click", point);
  }

  /**
   * Gives the browser up: the current trial ends without a result, keeping the attempts that were
   * completed, and no page is heard until `resume`, since one that wakes late would spoil the next trial.
   */
  fail(failure: TrialFailure): void {
    this.#halted = true;
    if (this.current !== null) this.#end(this.current, failure);
  }

  /** Ends the current trial, which this browser or whoever drives it cannot make. */
  cannot(reason: string): void {
    if (this.current !== null) this.#end(this.current, { outcome: "unsupported", reason });
  }

  /** Goes on with a fresh browser. */
  resume(): void {
    this.#halted = false;
  }

  /** Ends all trials that are left with the same failure. */
  abandon(failure: TrialFailure): void {
    while (this.current !== null) this.fail(failure);
  }

  /** What the console showed of an attempt, whose page says there that it is over. */
  async #consoleOf({ id }: OpenAttempt): Promise<Searchable> {
    if (this.consoleDeaf !== null) return { unsearched: this.consoleDeaf };
    const isEnd = (text: string): boolean => text.includes(`The attempt ${id} is over.`);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const onHeard = (text: string): void => {
      if (isEnd(text)) resolve(true);
    };
    this.on("heard", onHeard);
    const timer = setTimeout(resolve, consolePatienceMs, false);
    if (this.#heard.some(isEnd)) resolve(true);
    const heardAll = await promise;
    clearTimeout(timer);
    this.off("heard", onHeard);
    const texts = [...this.#heard];
    if (this.#missed) return { texts, otherwise: "the console showed more than was kept" };
    const otherwise = `the console showed no end of the attempt within ${consolePatienceMs / 1_000} s`;
    return heardAll ? { texts } : { texts, otherwise };
  }

  async #advance(
    index: number,
    trial: Trial,
    origin: string,
    { report }: TrialPost,
  ): Promise<Instruction> {
    if (report === null) {
      // It was handed over to another page: a tab, somebody else's.
      if (this.#open === null && origin !== this.address(index).origin) {
        return { next: this.#next() };
      }
      if (this.#open !== null || this.#begun === this.#attempts.length) {
        return this.#nonsense("the page started over in the middle of the trial");
      }
    } else {
      if (this.#open === null)
        return this.#nonsense("the page reported an attempt it was not given");
      const open = this.#open;
      // Another trial's may be there when this one's attempt is complete.
      const meanwhile = this.#meanwhile;
      this.#open = null;
      const attempt = await this.#surroundings.attempts.complete(open, report, () =>
        this.#consoleOf(open),
      );
      meanwhile?.giveUp();
      const others = (await meanwhile?.made) ?? [];
      if (this.current !== index) return { next: this.#next() };
      this.#meanwhile = null;
      this.#attempts.push(attempt, ...others);
      this.emit("attempt");
      await this.#runPrograms(index, trial);
      if (this.current !== index) return { next: this.#next() };
    }
    const plan = this.#planned(index);
    // A page that ran out of time or failed is in no state to be asked for more.
    const over = this.#attempts.some(({ end }) => end === "timeout" || end === "harness-error");
    if (plan === undefined || over) {
      this.#end(index, null);
      return { next: this.#next() };
    }
    if (report !== null) {
      const handover = this.#handover(index, origin, plan);
      if (handover !== null) return handover;
    } else this.#begun = this.#attempts.length;
    this.#forgetHeard();
    const attempt = await this.#surroundings.attempts.open(
      plan,
      trial.technique,
      this.#place(index),
      { installed: this.#installed, first: this.#first ?? undefined },
    );
    if (this.current !== index) return { next: this.#next() };
    if (this.#first === null) this.#surroundings.programs.record(trial, attempt);
    this.#first ??= attempt;
    this.#open = attempt;
    if (plan.afterwards === "hold") this.#meanwhile = this.#makeMeanwhile(index, trial, attempt);
    this.emit("attempt");
    return { attempt };
  }

  /** What a page is told whose trial goes on in another page; null when it goes on in this one. */
  #handover(index: number, origin: string, { from }: AttemptPlan): Instruction | null {
    if (from === "tab" || from === "restarted") {
      // Once the page has its answer: what happens now may take it away.
      setImmediate(() => this.emit(from === "tab" ? "tab" : "restart"));
      return { next: null };
    }
    return origin === this.address(index).origin ? null : { next: this.address(index) };
  }

  /** What is planned for the time that the open attempt's connection is held. */
  #makeMeanwhile(index: number, trial: Trial, held: OpenAttempt): MeanwhileAttempts {
    const later = trial.attempts.slice(this.#attempts.length + 1);
    const end = later.findIndex(({ meanwhile }) => meanwhile !== true);
    const plans = end === -1 ? later : later.slice(0, end);
    return this.#surroundings.programs.whileHeld(plans, this.#place(index), held);
  }

  /** Makes those attempts that are next and no page's. */
  async #runPrograms(index: number, trial: Trial): Promise<void> {
    const { programs } = this.#surroundings;
    for (;;) {
      const plan = trial.attempts[this.#attempts.length];
      if (plan?.from !== "program" || this.#first === null) return;
      const attempt = await programs.make(plan, this.#place(index), this.#first);
      if (this.current !== index) return;
      this.#attempts.push(attempt);
      this.emit("attempt");
    }
  }

  #planned(index: number): AttemptPlan | undefined {
    return this.trials[index]?.attempts[this.#attempts.length];
  }

  #nonsense(reason: string): Instruction {
    if (this.current !== null) this.#end(this.current, { outcome: "harness-error", reason });
    return { error: reason, next: this.#next() };
  }

  #end(index: number, failure: TrialFailure | null): void {
    const trial = this.trials[index];
    if (trial === undefined) return;
    const tookMs = index === this.current ? this.stopwatch.lap() : 0;
    this.observed.set(index, { ...trial, attempts: [...this.#attempts], failure, tookMs });
    while (this.observed.has(this.#cursor)) this.#cursor += 1;
    this.#attempts.length = 0;
    if (this.#open !== null) this.#surroundings.attempts.abandon(this.#open);
    this.#open = null;
    this.#forgetHeard();
    this.#begun = null;
    this.#surroundings.programs.forget(this.#first);
    this.#first = null;
    this.#meanwhile?.giveUp();
    this.#meanwhile = null;
    if (this.current === null) this.endedAt = new Date();
    this.emit("trial", index);
  }

  #forgetHeard(): void {
    this.#heard.length = 0;
    this.#missed = false;
  }

  #next(): URL | null {
    return this.current === null ? this.destination : this.address(this.current);
  }

  #place(index: number): PagePlace {
    const { scheme = "ws", placement = "same-host" } = this.trials[index] ?? {};
    const hostname = pageHost(`t${index}-${this.id}`, placement, this.#home);
    return { hostname, scheme, placement };
  }

  #pageOf(index: number, neighbour: Neighbour): URL {
    const origin = this.#surroundings.pageOrigin(this.#place(index), neighbour);
    return new URL(`/runs/${this.id}/trials/${index}`, origin);
  }

  /** An address outside of the trials. Plain, so that no certificate stands in the way. */
  #url(hostname: string, path: string): URL {
    const page: PagePlace = { hostname, scheme: "ws", placement: "same-host" };
    return new URL(path, this.#surroundings.pageOrigin(page));
  }
}

/** The walks of a lab, by id. Only the last 100 are kept. */
export class Walks {
  readonly #walks = new Map<string, Walk>();
  readonly #surroundings: WalkSurroundings;

  constructor(surroundings: WalkSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Plans a walk through `trials`, which ends at its results or just ends. With `installed`, all of
   * them are about the credential that the browser has got already. `home`: where its hosts are, if not
   * under `localhost`.
   */
  start(
    trials: readonly Trial[],
    walksTo: "results" | "nowhere",
    installed: Installed | null = null,
    home?: VisitorHome,
  ): Walk {
    const walk = new Walk(trials, walksTo, this.#surroundings, installed, home);
    this.#walks.set(walk.id, walk);
    const [oldest] = this.#walks.keys();
    if (this.#walks.size > maxWalks && oldest !== undefined) this.#walks.delete(oldest);
    return walk;
  }

  get(id: string): Walk | undefined {
    return this.#walks.get(id);
  }

  /** Makes room for others: the walk's pages are there no more. */
  forget({ id }: Pick<Walk, "id">): void {
    this.#walks.delete(id);
  }
}
