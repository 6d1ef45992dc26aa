import type { Point } from "../model/lab-api.ts";
import type { ObservedTrial, TrialFailure } from "../model/observation.ts";
import type {
  BrowserIdentity,
  CertificateTrust,
  Harness,
  JudgedTrial,
  LeftOut,
  ProfileName,
  Run,
} from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import { domainsOf } from "../server/host-names.ts";
import type { Walk } from "../server/walks.ts";
import {
  UnsupportedError,
  type BrowserSession,
  type BrowserTarget,
  type ClientCertificate,
  type Trust,
} from "./browsers/browser.ts";
import { profileOf } from "./browsers/profile.ts";
import { verdict } from "./verdict.ts";

/** What a browser is run through, and how patiently. */
export interface RunOptions {
  readonly trials: readonly Trial[];
  /** Begins a walk on the lab. */
  readonly startWalk: (trials: readonly Trial[]) => Walk;
  readonly leftOut: readonly LeftOut[];
  readonly harness: Harness;
  readonly headless: boolean;
  readonly profile: ProfileName;
  /** Whose certificates the browser trusts. `exception`: that of the first trial's page. */
  readonly certificates: CertificateTrust;
  /** As in LaunchOptions. */
  readonly clientCertificate?: ClientCertificate | null;
  /** The lab's authority in PEM; null without TLS. */
  readonly authority: string | null;
  /** The reverse proxy that the walk's addresses lead to. */
  readonly through: string | null;
  readonly launchTimeoutMs: number;
  /** How long a page may show no sign of life; longer than its own deadline for an attempt. */
  readonly patienceMs: number;
  /** Ends the run early; what was measured is kept. */
  readonly signal: AbortSignal;
  /** Called after each trial, ended well or not. */
  readonly onTrial: (progress: Progress) => void;
  /** Called with a sentence about something that went wrong without touching a result. */
  readonly onProblem: (sentence: string) => void;
}

/** How far a browser has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly trial: JudgedTrial;
  /** The index of the trial in the plan. */
  readonly place: number;
  /** What is known of the run so far, but for its trials. */
  readonly run: Run;
}

/** What is known of a browser that never started. */
export type UnstartedBrowser = Pick<BrowserIdentity, "id" | "name" | "engine" | "os">;

const maxFailuresInARow = 3;

/**
 * Runs all trials in one browser. Whatever happens to it becomes a trial's failure: a fresh browser
 * goes on with the next trial, until three failed in a row. Never rejects.
 */
export async function runBrowser(
  target: BrowserTarget,
  unstarted: UnstartedBrowser,
  options: RunOptions,
): Promise<Run> {
  const walk = options.startWalk(options.trials);
  const dialogs: string[] = [];
  const onTrial = (index: number): void => {
    const trial = walk.observed.get(index);
    if (trial === undefined) return;
    const progress = { done: walk.observed.size, total: walk.trials.length, place: index };
    options.onTrial({ ...progress, trial: judge(trial), run: runSoFar() });
  };
  walk.on("trial", onTrial);
  let last: Pick<BrowserSession, "identity" | "profile" | "dialogs"> | undefined;
  let isOpen = false;
  const runSoFar = (): Run => ({
    id: walk.id,
    startedAt: walk.startedAt.toISOString(),
    endedAt: (walk.endedAt ?? new Date()).toISOString(),
    harness: options.harness,
    browser: {
      ...(last?.identity ?? {
        ...unstarted,
        version: null,
        driver: "none",
        versionSource: "none",
      }),
      userAgent: walk.userAgent,
    },
    profile: last?.profile ?? profileOf({ ...options, trust: trustIn(walk, options) }),
    through: options.through,
    dialogs: [...dialogs, ...(isOpen && last !== undefined ? last.dialogs : [])],
    features: walk.features,
    leftOut: options.leftOut,
    timing: walk.stopwatch.read(),
    trials: [],
  });
  let failuresInARow = 0;
  while (walk.current !== null) {
    if (options.signal.aborted) {
      walk.abandon(interruption(options));
      break;
    }
    const endedBefore = walk.observed.size;
    walk.stopwatch.enter("launch");
    const session = await launch(target, unstarted.name, walk, options);
    if ("failure" in session) {
      if (session.failure.outcome === "unsupported") walk.abandon(session.failure);
      else walk.fail(session.failure);
    } else {
      last = session;
      isOpen = true;
      walk.consoleDeaf = session.console.heard ? null : session.console.reason;
      walk.resume();
      let halt = await walkThrough(session, walk, options);
      while (halt === "restart") {
        walk.stopwatch.enter("restarts");
        halt = (await restart(session, walk)) ?? (await walkThrough(session, walk, options));
      }
      if (halt !== null) walk.fail(halt);
      walk.stopwatch.enter("close");
      await close(session, options);
      isOpen = false;
      dialogs.push(...session.dialogs);
    }
    walk.stopwatch.enter("other");
    const madeProgress = walk.observed.size > endedBefore + 1;
    failuresInARow = madeProgress ? 1 : failuresInARow + 1;
    if (failuresInARow === maxFailuresInARow && walk.current !== null) {
      const cause = walk.ended.findLast(({ failure }) => failure !== null)?.failure;
      walk.abandon({
        outcome: cause?.outcome ?? "crash",
        reason: `not tried after ${maxFailuresInARow} failures in a row: ${cause?.reason}`,
      });
    }
  }
  return { ...runSoFar(), trials: walk.ended.map(judge) };
}

/** The result of a browser that is not here: every trial says why it was not made. */
export function absentRun(
  browser: UnstartedBrowser,
  reason: string,
  {
    trials,
    leftOut,
    harness,
    headless,
    profile,
    through,
  }: Pick<RunOptions, "trials" | "leftOut" | "harness" | "headless" | "profile" | "through">,
): Run {
  const now = new Date().toISOString();
  const failure: TrialFailure = { outcome: "unsupported", reason };
  return {
    id: `absent-${browser.id}`,
    startedAt: now,
    endedAt: now,
    harness,
    browser: { ...browser, version: null, userAgent: null, driver: "none", versionSource: "none" },
    profile: profileOf({ headless, profile, trust: { kind: "default" } }),
    through,
    dialogs: [],
    features: [],
    leftOut,
    trials: trials.map((trial) => judge({ ...trial, attempts: [], failure })),
  };
}

function judge(trial: ObservedTrial): JudgedTrial {
  return { ...trial, verdict: verdict(trial) };
}

/** A fresh browser, or why there is none. One that does not start says nothing of a trial: it gets a second chance. */
async function launch(
  target: BrowserTarget,
  name: string,
  walk: Walk,
  options: RunOptions,
): Promise<BrowserSession | { readonly failure: TrialFailure }> {
  const first = await launchOnce(target, name, walk, options);
  if (!("failure" in first) || first.failure.outcome === "unsupported") return first;
  if (options.signal.aborted) return first;
  options.onProblem(`${first.failure.reason}; trying again`);
  return await launchOnce(target, name, walk, options);
}

async function launchOnce(
  target: BrowserTarget,
  name: string,
  walk: Walk,
  options: RunOptions,
): Promise<BrowserSession | { readonly failure: TrialFailure }> {
  const { headless, profile, launchTimeoutMs: timeoutMs, trials, clientCertificate } = options;
  const domains = new Set(trials.flatMap(domainsOf));
  const trust = trustIn(walk, options);
  try {
    return await target.launch({
      headless,
      timeoutMs,
      profile,
      trust,
      loopbackDomains: [...domains],
      storageAccess: "allowed",
      ...(clientCertificate !== undefined && { clientCertificate }),
      ...(isSearched(trials) && { onConsole: (text) => walk.heard(text) }),
    });
  } catch (error) {
    if (error instanceof UnsupportedError) {
      return { failure: { outcome: "unsupported", reason: error.message } };
    }
    const reason = `${name} did not start: ${messageOf(error)}`;
    return { failure: { outcome: "crash", reason } };
  }
}

/** Whether some attempt wants to know what the browser's console showed. */
function isSearched(trials: readonly Trial[]): boolean {
  return trials.some(({ attempts }) => attempts.some(({ searched }) => searched === true));
}

function trustIn(walk: Walk, { certificates, authority }: RunOptions): Trust {
  switch (certificates) {
    case "default":
    case "accept-any":
      return { kind: certificates };
    case "exception":
      return { kind: certificates, url: walk.address(0) };
    case "authority":
      if (authority === null) throw new Error("trust in an authority needs a lab with TLS");
      return { kind: certificates, certificate: authority };
  }
}

/** Restarts the browser, or says why that went wrong. One that cannot be restarted goes on with the next trial. */
async function restart(session: BrowserSession, walk: Walk): Promise<TrialFailure | null> {
  try {
    await session.restart();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) {
      const reason = `${session.identity.name} could not be restarted: ${messageOf(error)}`;
      return { outcome: "crash", reason };
    }
    walk.cannot(error.message);
  }
  return null;
}

/** Ends the browser. What cannot be cleaned up is a problem of ours, and no trial's. */
async function close(session: BrowserSession, { onProblem }: RunOptions): Promise<void> {
  try {
    await session[Symbol.asyncDispose]();
  } catch (error) {
    onProblem(`${session.identity.name} could not be cleaned up: ${messageOf(error)}`);
  }
}

/** Opens the current trial and waits until the walk is over (null), wants a restart, or has come to a halt (why). */
async function walkThrough(
  session: BrowserSession,
  walk: Walk,
  { patienceMs, signal, onProblem }: RunOptions,
): Promise<TrialFailure | "restart" | null> {
  const { promise, resolve } = Promise.withResolvers<TrialFailure | "restart" | null>();
  const { name } = session.identity;
  const silence = setTimeout(() => {
    const reason = `the page in ${name} showed no sign of life for ${patienceMs / 1_000} s`;
    resolve({ outcome: "timeout", reason });
  }, patienceMs);
  const onAttempt = (): void => void silence.refresh();
  const onTrial = (index: number): void => {
    silence.refresh();
    // A trial that ended as our failure left its page behind: a fresh browser goes on. One that was
    // not begun, for it is unsupported, has none.
    const outcome = walk.observed.get(index)?.failure?.outcome ?? "unsupported";
    if (outcome !== "unsupported" || walk.current === null) resolve(null);
  };
  const onPreflight = (): void => void silence.refresh();
  let isOver = false;
  const onClick = (point: Point): void => {
    session.click(point).catch((error: unknown) => {
      if (!isOver) onProblem(`${name} could not be made to click: ${messageOf(error)}`);
    });
  };
  const onTab = (): void => {
    if (walk.entrance === null) return;
    session.openTab(walk.entrance).catch((error: unknown) => {
      if (isOver) return;
      if (!(error instanceof UnsupportedError)) {
        const reason = `${name} could not open another tab: ${messageOf(error)}`;
        return resolve({ outcome: "crash", reason });
      }
      walk.cannot(error.message);
      open();
    });
  };
  const onRestart = (): void => resolve("restart");
  const open = (): void => {
    if (walk.entrance === null) return resolve(null);
    walk.stopwatch.enter(walk.isExplored ? "navigation" : "preflight");
    session.open(walk.entrance).catch((error: unknown) => {
      const reason = `${name} could not open the trial's page: ${messageOf(error)}`;
      resolve({ outcome: "crash", reason });
    });
  };
  const onAbort = (): void => resolve(interruption({ signal }));
  walk.on("preflight", onPreflight).on("attempt", onAttempt);
  walk.on("click", onClick).on("trial", onTrial);
  walk.on("tab", onTab).on("restart", onRestart);
  signal.addEventListener("abort", onAbort);
  void session.gone.then((why) => resolve({ outcome: "crash", reason: `${name} died: ${why}` }));
  try {
    if (signal.aborted) onAbort();
    else open();
    return await promise;
  } finally {
    isOver = true;
    clearTimeout(silence);
    walk.off("preflight", onPreflight).off("attempt", onAttempt);
    walk.off("click", onClick).off("trial", onTrial);
    walk.off("tab", onTab).off("restart", onRestart);
    signal.removeEventListener("abort", onAbort);
  }
}

/** What becomes of the trials that are left when the run is to end: an error that it was aborted with says why. */
function interruption({ signal }: Pick<RunOptions, "signal">): TrialFailure {
  const reason: unknown = signal.reason;
  const isOurs = reason instanceof Error && reason.name !== "AbortError";
  return {
    outcome: "harness-error",
    reason: isOurs ? reason.message : "the run was interrupted",
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
