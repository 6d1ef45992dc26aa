import * as fc from "fast-check";
import type { LabChild, Tally } from "./lab-child.ts";
import { growthBytes, type HeapSample } from "./memory.ts";
import { insider } from "./presentations.ts";
import type { Outcome } from "./raw-client.ts";

/** How large a campaign is, and how to make the same one again. */
export interface CampaignSize {
  readonly cases: number;
  readonly seed: number;
  /** How many clients at once. */
  readonly concurrency: number;
  /** After how many cases the servers are looked at, and a good connection is made. */
  readonly batch: number;
}

/** What came of a technique's hostile clients. */
export interface CampaignResult {
  /** The technique, or what else was tried. */
  readonly name: string;
  readonly cases: number;
  /** How often clients were answered how: "401", "1008", "no answer". Those that were let in by right are not among them. */
  readonly answers: Readonly<Record<string, number>>;
  /** Those that were let in by right, and then went on with what nobody expects. */
  readonly inside: number;
  /** How often somebody was let in who was not to be. */
  readonly letIn: number;
  /** Answers that say that the server failed, and exceptions and rejections that nobody caught. */
  readonly serverErrors: number;
  /** Answers and lines of the terminal that held a token. */
  readonly leaks: number;
  /** Connections that the server did not end. */
  readonly cut: number;
  readonly goodConnections: number;
  readonly goodFailures: number;
  /** Of the server's memory in the second half; null: too few cases to tell. */
  readonly bytesPerCase: number | null;
  readonly failures: readonly Failure[];
  readonly tookMs: number;
}

/** Something that must not have happened, with all that it takes to see it again. */
export interface Failure {
  readonly name: string;
  readonly problem: string;
  readonly seed: number;
  /** The number of the case among those that come of the seed; null: it could not be told which. */
  readonly index: number | null;
  /** The smallest case that still does it. */
  readonly smallest: unknown;
}

/** What a campaign is aimed at. */
export interface Aim<Case> {
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  /** Called before each batch. */
  prepare(): Promise<void>;
  /** Sends a case, and resolves with what came of it. */
  run(hostile: Case): Promise<Outcome>;
  /** Whether who sends this may be let in, as an insider. */
  isInside(hostile: Case): boolean;
  /** What answers and the terminal must not hold. */
  secrets(): readonly string[];
  /** Makes a connection that is to succeed; null: it did. */
  tryGood(): Promise<string | null>;
}

const maxFailures = 5;
const shrinkingMs = 20_000;

/** Sends all cases, looks after the lab's process, and makes good connections in between. */
export async function campaign<Case>(
  aim: Aim<Case>,
  lab: LabChild,
  { cases: count, seed, concurrency, batch }: CampaignSize,
  signal?: AbortSignal,
): Promise<CampaignResult> {
  const startedAt = performance.now();
  const cases = fc.sample(aim.cases, { numRuns: count, seed });
  const answers: Record<string, number> = {};
  const failures: Failure[] = [];
  const heap: HeapSample[] = [];
  const counts = { inside: 0, letIn: 0, serverErrors: 0, leaks: 0, cut: 0, good: 0, goodFailed: 0 };
  const fail = (problem: string, index: number | null, smallest: unknown): void => {
    if (failures.length < maxFailures) {
      failures.push({ name: aim.name, problem, seed, index, smallest });
    }
  };
  const found = async (problem: string, index: number): Promise<void> => {
    if (failures.length >= maxFailures) return;
    fail(problem, index, await smallestOf(aim, lab, seed, index));
  };
  await lab.tally();
  for (let start = 0; start < cases.length; start += batch) {
    signal?.throwIfAborted();
    await aim.prepare();
    const before = await lab.tally();
    const indices = Array.from(
      { length: Math.min(batch, cases.length - start) },
      (_, offset) => start + offset,
    );
    const problems: [string, number][] = [];
    let insiders = 0;
    await inParallel(indices, concurrency, async (index) => {
      const hostile = cases[index];
      if (hostile === undefined) return;
      const outcome = await aim.run(hostile);
      const isInside = aim.isInside(hostile);
      if (isInside) insiders += 1;
      else {
        const label = labelOf(outcome);
        answers[label] = (answers[label] ?? 0) + 1;
      }
      if (outcome.wasCut) counts.cut += 1;
      const problem = problemOf(outcome, isInside, aim.secrets());
      if (problem !== null) problems.push([problem, index]);
      if (problem === "let in") counts.letIn += 1;
      if (problem === "server error") counts.serverErrors += 1;
      if (problem === "token in the answer") counts.leaks += 1;
    });
    counts.inside += insiders;
    for (const [problem, index] of problems) await found(problem, index);
    const after = await lab.tally();
    const letIn = admittedOf(after, before, insiders);
    if (letIn > 0 && !problems.some(([problem]) => problem === "let in")) {
      counts.letIn += letIn;
      const index = await culprit(aim, lab, cases, indices);
      if (index === null) fail("let in, says the evidence", null, null);
      else await found("let in, says the evidence", index);
    }
    if (after.faults.length > 0) {
      counts.serverErrors += after.faults.length;
      counts.leaks += after.faults.filter((text) => holdsOne(text, aim.secrets())).length;
      const [fault = ""] = after.faults;
      const index = await culprit(aim, lab, cases, indices);
      if (index === null) fail(fault, null, null);
      else await found(fault, index);
    }
    const good = await aim.tryGood();
    counts.good += 1;
    if (good !== null) {
      counts.goodFailed += 1;
      fail(good, null, null);
    }
    const done = start + indices.length;
    if (done >= cases.length / 2) heap.push({ cases: done, bytes: await lab.heapBytes() });
  }
  if (holdsOne(lab.written(), aim.secrets())) {
    counts.leaks += 1;
    fail("a token in what the server wrote to its terminal", null, null);
  }
  return {
    name: aim.name,
    cases: cases.length,
    answers,
    inside: counts.inside,
    letIn: counts.letIn,
    serverErrors: counts.serverErrors,
    leaks: counts.leaks,
    cut: counts.cut,
    goodConnections: counts.good,
    goodFailures: counts.goodFailed,
    bytesPerCase: growthBytes(heap),
    failures,
    tookMs: performance.now() - startedAt,
  };
}

/** What must not have happened, in words; null: it did not. */
export function problemOf(
  { status, heard }: Pick<Outcome, "status" | "heard">,
  isInside: boolean,
  secrets: readonly string[],
): string | null {
  if (!isInside && status === 101 && heard.includes("Hello ")) return "let in";
  // A renewal needs another credential, which nobody has been given here.
  if (status === 101 && heard.includes("Renewed.")) return "let in";
  if (status !== null && status >= 500) return "server error";
  // A login that asks nobody sets as a cookie what its client sent.
  const said = heard.replaceAll(/^set-cookie:.*$/gimu, "");
  return holdsOne(said, secrets) ? "token in the answer" : null;
}

function holdsOne(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text.includes(secret));
}

function labelOf({ status, closeCode }: Outcome): string {
  if (status === null) return "no answer";
  return status === 101 ? String(closeCode ?? "left") : String(status);
}

/** How many were let in besides those who may: an insider a case, and the good connection. */
function admittedOf(after: Tally, before: Tally, insiders: number): number {
  const grown = Object.entries(after.admitted).map(([user, times]) => {
    const more = times - (before.admitted[user] ?? 0);
    return user === insider ? Math.max(0, more - insiders) : more;
  });
  return grown.reduce((sum, more) => sum + more, 0);
}

/** Whether the lab's process has counted something since it was asked last. */
async function trouble<Case>(aim: Aim<Case>, lab: LabChild, hostile: Case): Promise<string | null> {
  const before = await lab.tally();
  const isInside = aim.isInside(hostile);
  const outcome = await aim.run(hostile);
  const after = await lab.tally();
  const [fault] = after.faults;
  if (fault !== undefined) return fault;
  if (admittedOf(after, before, isInside ? 1 : 0) > 0) return "let in, says the evidence";
  return problemOf(outcome, isInside, aim.secrets());
}

/** The number of the case in a batch that does it alone, too; null: none does. */
async function culprit<Case>(
  aim: Aim<Case>,
  lab: LabChild,
  cases: readonly Case[],
  indices: readonly number[],
): Promise<number | null> {
  for (const index of indices) {
    const hostile = cases[index];
    if (hostile !== undefined && (await trouble(aim, lab, hostile)) !== null) return index;
  }
  return null;
}

/** The smallest case that still does what the one with this number did. */
async function smallestOf<Case>(
  aim: Aim<Case>,
  lab: LabChild,
  seed: number,
  index: number,
): Promise<unknown> {
  const property = fc.asyncProperty(aim.cases, async (hostile) => {
    return (await trouble(aim, lab, hostile)) === null;
  });
  const details = await fc.check(property, {
    seed,
    path: String(index),
    interruptAfterTimeLimit: shrinkingMs,
  });
  return details.counterexample?.[0] ?? fc.sample(aim.cases, { seed, path: String(index) })[0];
}

async function inParallel(
  indices: readonly number[],
  concurrency: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const queue = indices.values();
  const one = async (): Promise<void> => {
    for (const index of queue) await work(index);
  };
  await Promise.all(Array.from({ length: concurrency }, one));
}
