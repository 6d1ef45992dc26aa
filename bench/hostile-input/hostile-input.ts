import { techniques } from "../../techniques/index.ts";
import type { Technique } from "../../techniques/technique.ts";
import type { Benchmark, Findings, Goal } from "../benchmark.ts";
import { aimAtApp } from "./app-aim.ts";
import { campaign, type CampaignResult, type CampaignSize } from "./campaign.ts";
import { startLabChild } from "./lab-child.ts";
import { leakBytes, leakBytesOverAll } from "./memory.ts";
import { aimAt } from "./technique-aim.ts";

/** A campaign, and whether the good credential was greeted that its cases are made from; null: there is none. */
export interface Tried extends CampaignResult {
  readonly isControlGood: boolean | null;
}

/** What hostile clients get from every technique's server, and from the lab's own pages and endpoints. */
export const hostileInput: Benchmark = {
  id: "hostile-input",
  title: "Hostile input",
  page: "reliability",
  cost: "about 15 minutes on two cores that do nothing else: 10,000 clients a technique",
  isUsual: false,
  async measure({ size, onProgress, signal }) {
    const isFull = size === "full";
    const seed = isFull ? Date.now() % 2 ** 31 : 1;
    const small: readonly string[] = ["first-message", "ticket", "client-certificate"];
    const chosen = isFull ? techniques : techniques.filter(({ id }) => small.includes(id));
    const terms: CampaignSize = isFull
      ? { cases: 10_000, seed, concurrency: 64, batch: 500 }
      : { cases: 40, seed, concurrency: 32, batch: 40 };
    const tried: Tried[] = [];
    const startedAt = performance.now();
    await tryTechniques(chosen, terms, signal, (one) => {
      tried.push(one);
      onProgress(`${one.name}: ${one.cases} hostile clients`);
    });
    for (const [name, isBehindProxy] of [
      ["pages and endpoints", false],
      ["the same, behind a proxy", true],
    ] as const) {
      await using lab = await startLabChild({ isBehindProxy });
      const made = await campaign(await aimAtApp(lab, name), lab, terms, signal);
      tried.push({ ...made, isControlGood: null });
      onProgress(`${name}: ${made.cases} hostile requests`);
    }
    return findingsOf(tried, { ...terms, tookMs: performance.now() - startedAt });
  },
};

const warmUpCases = 5_000;

async function tryTechniques(
  chosen: readonly Technique[],
  terms: CampaignSize,
  signal: AbortSignal,
  onTried: (tried: Tried) => void,
): Promise<void> {
  await using lab = await startLabChild();
  for (const [index, technique] of chosen.entries()) {
    const aim = await aimAt(technique, lab);
    const isControlGood = await aim.control();
    if (index === 0 && terms.cases >= warmUpCases) {
      // What V8 compiles and remembers of code that runs for the first time would look like a leak.
      const first = { ...aim, name: `${technique.id}, to warm up` };
      const made = await campaign(first, lab, { ...terms, cases: warmUpCases }, signal);
      onTried({ ...made, isControlGood, bytesPerCase: null });
    }
    onTried({ ...(await campaign(aim, lab, terms, signal)), isControlGood });
  }
}

/** Goals, table and notes of what was tried. */
export function findingsOf(
  tried: readonly Tried[],
  terms: Pick<CampaignSize, "cases" | "seed" | "concurrency"> & { readonly tookMs: number },
): Findings {
  const sum = (of: (one: Tried) => number): number => tried.reduce((all, one) => all + of(one), 0);
  const { seed, concurrency, tookMs } = terms;
  const cases = sum((one) => one.cases);
  const none = (claim: string, count: number, what: string): Goal => ({
    claim,
    measured: `${grouped(count)} ${what} in ${grouped(cases)} cases`,
    isMet: count === 0,
    why: count === 0 ? null : whyOf(tried),
  });
  const good = sum((one) => one.goodConnections);
  const goodFailures = sum((one) => one.goodFailures);
  const controls = tried.filter(({ isControlGood }) => isControlGood !== null);
  const greeted = controls.filter(({ isControlGood }) => isControlGood);
  const measured = tried.filter(({ bytesPerCase }) => bytesPerCase !== null);
  const worst = measured.toSorted((a, b) => (b.bytesPerCase ?? 0) - (a.bytesPerCase ?? 0))[0];
  return {
    goals: [
      none(
        "Nobody is let in who should not be",
        sum((one) => one.letIn),
        "let in",
      ),
      none(
        "The server never fails: no answer of 500 or above, nothing thrown or rejected that nobody caught",
        sum((one) => one.serverErrors),
        "failures",
      ),
      none(
        "No token is in an answer, or in what the server prints",
        sum((one) => one.leaks),
        "tokens",
      ),
      none(
        "The server closes every connection, at the latest once its client has",
        sum((one) => one.cut),
        "left open",
      ),
      {
        claim: "The next good connection works",
        measured: `${grouped(good - goodFailures)} of ${grouped(good)}, one after each batch of cases`,
        isMet: goodFailures === 0,
        why: goodFailures === 0 ? null : whyOf(tried),
      },
      {
        claim:
          "Cases are made from what is accepted: the same bytes with the good credential are greeted",
        measured: `${greeted.length} of ${controls.length} times`,
        isMet: controls.length > 0 && greeted.length === controls.length,
        why: controls.length > 0 ? null : "it was never tried",
      },
      ...(worst === undefined
        ? []
        : [
            memoryGoal("at any technique", worst.bytesPerCase, leakBytes, ` (${worst.name})`),
            memoryGoal("over all", meanOf(measured), leakBytesOverAll),
          ]),
    ],
    tables: [
      {
        title: "What hostile clients got",
        headings: [
          "Tried at",
          "Cases",
          "Answered (HTTP status, or close code after 101)",
          "Let in by right, hostile then",
          "Let in",
          "Server failures",
          "Tokens shown",
          "Left open",
          "Good connections",
          "Memory kept (bytes a case)",
          "Time (s)",
        ],
        rows: tried.map((one) => [
          one.name,
          grouped(one.cases),
          answersOf(one.answers),
          grouped(one.inside),
          String(one.letIn),
          String(one.serverErrors),
          String(one.leaks),
          String(one.cut),
          `${one.goodConnections - one.goodFailures} of ${one.goodConnections}`,
          bytes(one.bytesPerCase),
          (one.tookMs / 1_000).toFixed(0),
        ]),
      },
    ],
    plots: [],
    notes: [
      `${grouped(cases)} cases in ${(tookMs / 1_000).toFixed(0)} s, ${concurrency} clients at once. They come of the seed ${seed}: HOSTILE_SEED=${seed} HOSTILE_CASES=${terms.cases} node --test "test/hostile/*.test.ts" makes the same ones.`,
      "A case begins as what the technique's client sends, with no credential, a bad one, one that is near a good one, or a good one in a handshake that forbids it; bytes, headers, messages and frames are then changed. Some are let in by right, and go on with what nobody expects.",
      ...tried.flatMap(({ failures }) =>
        failures.map(
          ({ name, problem, index, smallest }) =>
            `${name}, case ${index ?? "unknown"}: ${problem.split("\n")[0] ?? ""}; the smallest that does it: ${JSON.stringify(smallest)}`,
        ),
      ),
      ...(measured.length < tried.length
        ? [
            "Where there is no figure for memory, there were too few cases to tell, or the server had just been started.",
          ]
        : []),
    ],
  };
}

function memoryGoal(where: string, value: number | null, most: number, who = ""): Goal {
  return {
    claim: `Memory does not grow: at most ${most} bytes a case ${where}, less than what is left by keeping something of each`,
    measured: `${bytes(value)} bytes a case${who}`,
    isMet: (value ?? 0) <= most,
    why: null,
  };
}

function meanOf(tried: readonly Tried[]): number {
  return tried.reduce((sum, one) => sum + (one.bytesPerCase ?? 0), 0) / Math.max(1, tried.length);
}

function whyOf(tried: readonly Tried[]): string | null {
  const names = tried.filter(({ failures }) => failures.length > 0).map(({ name }) => name);
  return names.length === 0 ? null : `see the notes on ${names.join(", ")}`;
}

/** The most frequent first: "401 × 5,066, 400 × 3,429". */
function answersOf(answers: Readonly<Record<string, number>>): string {
  return Object.entries(answers)
    .toSorted(([, a], [, b]) => b - a)
    .map(([answer, times]) => `${answer} × ${grouped(times)}`)
    .join(", ");
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}

function bytes(value: number | null): string {
  return value === null ? "–" : value.toFixed(0);
}
