import type { JudgedTrial, LeftOut, ProfileName, Results, Run } from "../../model/results.ts";
import { columnsOf } from "../report/columns.ts";
import { tokenFit } from "../report/token-shapes.ts";
import { variantsInOrder } from "../report/variants.ts";
import { accessOf } from "../risks/access.ts";
import { leakFindings } from "../risks/leaks.ts";
import type { Risk, RiskCell, RiskEvidence } from "../risks/risk.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { shapeTried } from "../scenarios/token-shapes.ts";
import { summarise, variantOf } from "../verdict.ts";
import type {
  BrowserFacts,
  ChooserCell,
  ChooserTable,
  LeakFact,
  ShapeFact,
  TechniqueFacts,
  TrialName,
  VariantFact,
} from "./table.ts";

/** A technique, as far as choosing needs to know it. */
export interface ChoosableTechnique {
  readonly id: string;
  readonly title: string;
  readonly libraries?: readonly string[];
  /** As in `Technique`. */
  readonly proxied?: unknown;
}

/** What the trials are known by, beyond the results. */
export interface ChooserSources {
  readonly techniques: readonly ChoosableTechnique[];
  readonly scenarios: readonly Pick<
    Scenario,
    "id" | "places" | "aspect" | "techniques" | "attempts"
  >[];
  readonly risks: readonly Risk[];
}

/** Browsers as their users have them: what another profile shows is for those who set it. */
const asItComes: readonly ProfileName[] = ["default", "reconnect-backoff"];

/** All that choosing looks at, from results alone. */
export function chooserTable(results: Results, sources: ChooserSources): ChooserTable {
  const runs = results.runs.filter(({ profile }) => asItComes.includes(profile.name));
  const { columns } = columnsOf({ runs });
  const labels = new Map(
    columns.map(({ run, name, version }) => {
      return [run.browser.id, version === null ? name : `${name} ${version}`] as const;
    }),
  );
  return {
    measuredOn: [...new Set(results.runs.map(({ endedAt }) => endedAt.slice(0, 10)))].toSorted(),
    browsers: [...labels].map(([id, label]) => ({ id, label })),
    risks: sources.risks.map(({ id, title }) => ({ id, title })),
    techniques: sources.techniques.map((technique): TechniqueFacts => {
      const { id, title, libraries = [] } = technique;
      const facts = [...labels.keys()].flatMap((browser) => {
        const own = runs.filter((run) => run.browser.id === browser);
        const one = factsOf(technique, browser, own, sources);
        return one === null ? [] : [[browser, one] as const];
      });
      return { id, title, libraries, browsers: Object.fromEntries(facts) };
    }),
  };
}

function factsOf(
  technique: ChoosableTechnique,
  browser: string,
  runs: readonly Run[],
  { scenarios, risks }: ChooserSources,
): BrowserFacts | null {
  const { id } = technique;
  const of = (run: Run): JudgedTrial[] => run.trials.filter((trial) => trial.technique === id);
  const name = namesIn(browser);
  const main =
    runs.findLast(({ profile, through }) => profile.name === "default" && through === null) ??
    runs.findLast(({ profile }) => profile.name === "default");
  if (main === undefined) return null;
  const mine = ({ technique: other }: LeftOut): boolean => other === id;
  const leftOut = main.leftOut.filter(mine);
  const proof = of(main);
  if (proof.length === 0 && leftOut.length === 0) return null;
  const all = runs.flatMap(of);
  const searches = leakFindings(all.filter(({ aspect }) => aspect === "leaks"));
  const isSearched = searches.every(({ state }) => state === "found" || state === "clean");
  const cells = runs.flatMap((run) => {
    const own = of(run);
    return risks.flatMap((risk) =>
      risk
        .assess(
          own.filter(({ aspect }) => aspect === risk.id),
          { technique: id, run, all: own },
        )
        .flatMap((cell) => chooserCell(cell, scenarios, name))
        // Where one run could not look, another one may have.
        .filter(({ severity }) => risk.id !== "leaks" || severity !== "unknown" || !isSearched),
    );
  });
  return {
    variants: variantFacts(proof, leftOut, name),
    leftOut,
    pointless: risks.flatMap(({ id: risk }) => {
      const own = scenarios.filter(
        ({ aspect, techniques }) => aspect === risk && techniques === undefined,
      );
      const reasons = own.map(
        (scenario) =>
          leftOut.find((one) => "scenario" in one && one.scenario === scenario.id)?.reason,
      );
      const [reason] = reasons;
      return reason === undefined || reasons.includes(undefined) ? [] : [{ risk, reason }];
    }),
    cells,
    leaks: searches.map(({ place, state, why, excerpts, evidence }): LeakFact => {
      const meanings = cells.filter(({ risk, about }) => risk === "leaks" && about === place);
      const excerpt = excerpts[0] ?? null;
      return { place, state, why, excerpt, cells: meanings, evidence: evidence.map(name.one) };
    }),
    shapes: proof.flatMap((trial): ShapeFact[] => {
      const shape = shapeTried(trial);
      if (shape === undefined) return [];
      const isProxied = technique.proxied !== undefined || main.through !== null;
      return [{ shape, fit: tokenFit(trial, { isProxied }), evidence: [name.whole(trial)] }];
    }),
  };
}

function variantFacts(
  trials: readonly JudgedTrial[],
  leftOut: readonly LeftOut[],
  name: ReturnType<typeof namesIn>,
): VariantFact[] {
  const rotates = !leftOut.some((one) => "scenario" in one && one.scenario === "rotation");
  const proving = trials.filter(
    (trial) => trial.aspect === undefined && shapeTried(trial) === undefined,
  );
  return variantsInOrder(proving.map(variantOf)).map((variant): VariantFact => {
    const own = trials.filter(
      (trial) => variantOf(trial) === variant && shapeTried(trial) === undefined,
    );
    const { word, passed, total, reason } = summarise(own, { rotates });
    const decisive = own.filter(({ scenario }) => reason.startsWith(`${scenario}: `));
    return {
      variant,
      word,
      passed,
      total,
      reason,
      isSupported: own.some(({ verdict }) => verdict.outcome !== "unsupported"),
      evidence: (decisive.length === 0
        ? own.filter(({ aspect }) => aspect === undefined)
        : decisive
      ).map(name.whole),
    };
  });
}

/** None, when it speaks of what does not depend on the technique. */
function chooserCell(
  { risk, about, word, severity, advice, sentence, where, evidence }: RiskCell,
  scenarios: ChooserSources["scenarios"],
  name: ReturnType<typeof namesIn>,
): ChooserCell[] {
  const known = (trial: JudgedTrial): ChooserSources["scenarios"][number] | undefined =>
    scenarios.find(({ id }) => id === trial.scenario);
  const shown = evidence.map(({ trial }) => trial);
  if (shown.length > 0 && shown.every((trial) => known(trial)?.techniques !== undefined)) return [];
  // A trial that failed before its first attempt is told by its scenario.
  const shapes = shown.flatMap((trial) =>
    (trial.attempts.length > 0 ? trial.attempts : (known(trial)?.attempts ?? [])).map(
      ({ shape = "opaque" }) => shape,
    ),
  );
  return [
    {
      risk,
      about,
      word,
      severity,
      advice,
      sentence,
      where,
      isPlaceless: shown.every((trial) => known(trial)?.places === "one"),
      shapes: shapes.includes("opaque") ? [] : [...new Set(shapes)],
      needsOriginCheck: evidence.some(isLetInUnchecked),
      evidence: evidence.map(name.one),
    },
  ];
}

function isLetInUnchecked({ trial, attempt }: RiskEvidence): boolean {
  const one = attempt === null ? undefined : trial.attempts[attempt];
  return one?.without === "origin-check" && accessOf(one).state === "in";
}

function namesIn(browser: string): {
  readonly whole: (trial: JudgedTrial) => TrialName;
  readonly one: (evidence: RiskEvidence) => TrialName;
} {
  const nameOf = (trial: JudgedTrial, attempt: number | null): TrialName => {
    return { browser, scenario: trial.scenario, variant: variantOf(trial), attempt };
  };
  return {
    whole: (trial) => nameOf(trial, null),
    one: ({ trial, attempt }) => nameOf(trial, attempt),
  };
}
