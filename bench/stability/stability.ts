import { loadavg } from "node:os";
import { requiredBrowsers } from "../../experiments/browsers/index.ts";
import { parseFlags } from "../../experiments/flags.ts";
import { plan } from "../../experiments/plan.ts";
import { readPublished } from "../../experiments/results-files.ts";
import type { Run } from "../../model/results.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { Benchmark, BenchmarkSurroundings, Findings } from "../benchmark.ts";
import { idleFromNow, keepBusy } from "./busy-processor.ts";
import { repeatExperiments } from "./repeat-experiments.ts";
import { readSettings, roundsOf, type StabilitySettings } from "./settings.ts";
import { type Counted, stabilityFindings } from "./stability-findings.ts";
import { Tally } from "./tally.ts";

const proof = "--scenario missing,forged,rotation --placement same-host --scheme wss".split(" ");

const small: StabilitySettings = {
  repeat: 2,
  atOnce: 2,
  flags:
    "--browser chrome --technique query-parameter --scenario missing --placement same-host --scheme ws".split(
      " ",
    ),
};

/** Whether repeats of the proof of every technique agree. The environment changes how often, and of what; see `readSettings`. */
export const stability: Benchmark = {
  id: "stability",
  title: "Stability of the proof",
  page: "reliability",
  cost: "Hours, in every browser, half of them with every core kept busy.",
  isUsual: false,
  measure: (around) => measure("stability", { repeat: 100, atOnce: 20, flags: proof }, around),
};

/** Whether repeats of the whole run agree: fewer of them, for each takes about an hour. */
export const stabilityOfTheWhole: Benchmark = {
  id: "stability-whole",
  title: "Stability of the whole run",
  page: "reliability",
  cost: "Hours, in every browser, half of them with every core kept busy.",
  isUsual: false,
  measure: (around) => measure("stability-whole", { repeat: 2, atOnce: 1, flags: [] }, around),
};

const conditions = [
  { condition: "the machine left alone", occupy: async () => null },
  { condition: "every core kept busy", occupy: keepBusy },
] as const;

type Measured = Pick<Run, "browser" | "profile">;

async function measure(
  id: string,
  usualInFull: StabilitySettings,
  { size, onProgress, signal }: BenchmarkSurroundings,
): Promise<Findings> {
  const isSmall = size === "small";
  const usual = isSmall ? small : usualInFull;
  const settings = readSettings(process.env, usual);
  const rounds = roundsOf(settings);
  const [loadBefore = 0] = loadavg();
  const counts = conditions.map((one) => ({ ...one, tally: new Tally(), tookMs: 0, idleMs: 0 }));
  let runs: readonly Measured[] = [];
  for (const [round, repeat] of rounds.entries()) {
    // Turn by turn, so that what changes with time changes for both.
    for (const count of counts) {
      let done = 0;
      const onTrial = (): void => {
        done += 1;
        if (done % 100 === 0) {
          onProgress(`${count.condition}, round ${round + 1} of ${rounds.length}: ${done} trials`);
        }
      };
      await using _ = await count.occupy();
      const started = performance.now();
      const idle = idleFromNow();
      const results = await repeatExperiments({ flags: settings.flags, repeat, onTrial, signal });
      const tookMs = performance.now() - started;
      count.tookMs += tookMs;
      count.idleMs += idle() * tookMs;
      count.tally.add(results);
      runs = results.runs.map(({ browser, profile }) => ({ browser, profile }));
    }
  }
  const published = new Tally();
  for (const results of await readPublished()) {
    published.add({ runs: results.runs.filter((run) => runs.some(isSameBrowserAs(run))) });
  }
  const counted = counts.map(({ condition, tally: { cells, trials }, tookMs, idleMs }): Counted => {
    return { condition, cells, trials, tookMs, idle: idleMs / tookMs };
  });
  return stabilityFindings(counted, {
    name: isSmall ? `${id} --small` : id,
    settings,
    usual,
    required: isSmall ? ["chrome"] : requiredBrowsers(),
    loadBefore,
    wholeRun: trialsOfTheWholeRun() * new Set(runs.map(({ browser }) => browser.id)).size,
    published: published.cells,
  });
}

function isSameBrowserAs({ browser, profile }: Run): (other: Measured) => boolean {
  return (other) =>
    other.browser.id === browser.id &&
    other.browser.version === browser.version &&
    other.profile.name === profile.name;
}

/** How many trials `npm run experiments` makes in each browser. */
function trialsOfTheWholeRun(): number {
  const flags = parseFlags([], techniques, []);
  return flags.profiles.reduce((sum, profile) => {
    const scenarios = flags.scenariosWith(profile);
    return sum + plan({ ...flags, scenarios, techniquesDirectory }).length;
  }, 0);
}
