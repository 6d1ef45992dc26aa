import type { JudgedTrial, Results, Run } from "../model/results.ts";
import type { TechniqueEntry } from "../experiments/report/catalogue.ts";
import { certificateTable } from "../experiments/report/certificates.ts";
import { faultTable } from "../experiments/report/fault-table.ts";
import { fitText, tokenFit } from "../experiments/report/token-shapes.ts";
import { risks } from "../experiments/risks/index.ts";
import { leakFindings } from "../experiments/risks/leaks.ts";
import { shapeTried } from "../experiments/scenarios/token-shapes.ts";
import { trustFinding } from "../experiments/trust/finding.ts";
import { isAsked } from "./answer-proof.ts";
import { questions } from "./answers.ts";
import type { AnswerFact } from "./data.ts";

/** What the answers' claims ask of results beyond outcomes: of each thing what was seen in every run. */
export function answerFacts(results: Results, techniques: readonly TechniqueEntry[]): AnswerFact[] {
  const asked = questions.flatMap(({ claims }) =>
    claims.flatMap(({ checks }) =>
      checks.flatMap((check) =>
        check.kind === "trial" || check.kind === "feature" ? [] : [check],
      ),
    ),
  );
  const wanted = new Set(asked.map(({ technique }) => technique));
  return [
    ...results.runs.flatMap((run) => runFacts(run, techniques, wanted)),
    ...faultFacts(results),
    ...trustFacts(results),
  ].filter((fact) => asked.some((check) => isAsked(fact, check)));
}

function runFacts(
  run: Run,
  techniques: readonly TechniqueEntry[],
  wanted: ReadonlySet<string>,
): AnswerFact[] {
  const own = Map.groupBy(
    run.trials.filter(({ technique }) => wanted.has(technique)),
    ({ technique }) => technique,
  );
  return [...own].flatMap(([technique, trials]) => {
    const isProxied =
      run.through !== null || techniques.some((one) => one.id === technique && one.isProxied);
    return [
      ...riskFacts(run, technique, trials),
      ...leakFacts(run, technique, trials),
      ...shapeFacts(run, technique, trials, isProxied),
    ];
  });
}

/** A cell's word for every trial that shows it. */
function riskFacts(run: Run, technique: string, all: readonly JudgedTrial[]): AnswerFact[] {
  return risks.flatMap((risk) => {
    const trials = all.filter(({ aspect }) => aspect === risk.id);
    if (trials.length === 0) return [];
    return risk
      .assess(trials, { technique, run, all })
      .flatMap(({ word, severity, sentence, evidence }) =>
        [...new Set(evidence.map(({ trial }) => trial))].map((trial): AnswerFact => {
          const says = severity === "unknown" ? null : word;
          const fact = { run: run.id, kind: "risk", technique, about: risk.id } as const;
          return { ...fact, says, text: `${word}: ${sentence}`, trial: placeOf(trial) };
        }),
      );
  });
}

function leakFacts(run: Run, technique: string, all: readonly JudgedTrial[]): AnswerFact[] {
  const searched = leakFindings(all.filter(({ aspect }) => aspect === "leaks"));
  return searched.map(({ place, state, encodings, why, evidence }): AnswerFact => {
    const isKnown = state === "found" || state === "clean";
    const how = why ?? encodings.join(" and ");
    return {
      run: run.id,
      kind: "leak",
      technique,
      about: place,
      says: isKnown ? state : null,
      text: `${place}: ${state}${how === "" ? "" : `, ${how}`}`,
      trial: placeOf(evidence[0]?.trial),
    };
  });
}

function shapeFacts(
  run: Run,
  technique: string,
  all: readonly JudgedTrial[],
  isProxied: boolean,
): AnswerFact[] {
  return all.flatMap((trial): AnswerFact[] => {
    const about = shapeTried(trial);
    if (about === undefined) return [];
    const fit = tokenFit(trial, { isProxied });
    return [
      {
        run: run.id,
        kind: "shape",
        technique,
        about,
        says: fit.state === "open" ? null : fit.state === "fits" ? "fits" : `refused by ${fit.by}`,
        text: `${about}: ${fitText(fit)}`,
        trial: placeOf(trial),
      },
    ];
  });
}

function faultFacts(results: Results): AnswerFact[] {
  const table = faultTable(results, { techniques: [], scenarios: [], conditions: [] });
  if (table === null) return [];
  return table.rows.flatMap(({ id, technique, cells }) =>
    cells.flatMap(({ text, apart }, index): AnswerFact[] => {
      const run = table.columns[index]?.run;
      if (run === undefined) return [];
      const trial = run.trials.find((one) => one.scenario === id && one.technique === technique.id);
      return [
        {
          run: run.id,
          kind: "fault",
          technique: technique.id,
          about: id,
          says: apart === null ? null : apart ? "apart" : "alike",
          text,
          trial: placeOf(trial),
        },
      ];
    }),
  );
}

/** Of each condition whether the socket opened, whether the user was asked, and what the page can tell. */
function trustFacts(results: Results): AnswerFact[] {
  const table = certificateTable(results, { techniques: [], scenarios: [], conditions: [] });
  if (table === null) return [];
  const cells = table.rows.flatMap((row) => row.cells.flat());
  const { trust } = results;
  return cells.flatMap(({ observation, text }) => {
    const { condition, browser, profile, dialogs, trial } = observation;
    const isSame = (other: Pick<Run, "browser" | "profile">): boolean =>
      other.browser.id === browser.id &&
      other.browser.version === browser.version &&
      other.profile.name === profile.name;
    const reference = trust.find((other) => other.condition === "no-tls" && isSame(other));
    const finding = trustFinding(observation, reference);
    const isKnown = finding.outcome === "observed";
    const connects = isKnown && finding.connected ? "connects" : "refused";
    const alike = isKnown && finding.distinguishable === false ? "alike" : "apart";
    const isTold = isKnown && finding.distinguishable !== null;
    const asked = dialogs.length === 0 ? "none" : "asked";
    return results.runs.filter(isSame).flatMap((run): AnswerFact[] =>
      [
        { about: condition, says: isKnown ? connects : null },
        { about: `${condition}/prompt`, says: isKnown ? asked : null },
        { about: `${condition}/visibility`, says: isTold ? alike : null },
      ].map(({ about, says }) => {
        const { technique } = trial;
        return { run: run.id, kind: "trust", technique, about, says, text, trial: null };
      }),
    );
  });
}

function placeOf(trial: JudgedTrial | undefined): AnswerFact["trial"] {
  if (trial === undefined) return null;
  const { scenario, placement, scheme } = trial;
  return { scenario, placement, scheme };
}
