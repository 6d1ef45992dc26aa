import type { Check, Claim, FactCheck, TrialPlace } from "./answers.ts";
import {
  type AnswerFact,
  type OutcomeCode,
  outcomeCodes,
  type SiteData,
  type SiteRun,
} from "./data.ts";

/** What a run shows of a claim. */
export type Mark = "shown" | "not-so" | "not-measured";

/** What one run shows of a claim, and the trial to look at. */
export interface Proof {
  readonly run: SiteRun;
  readonly mark: Mark;
  /** Whether the answer takes the claim to hold in this browser, while this run shows that it does not. */
  readonly isBroken: boolean;
  /** What was seen, in words that came with the results; empty when an outcome says it all. */
  readonly texts: readonly string[];
  /** The trial that decided, else the first; null when none was made. */
  readonly evidence: (TrialPlace & { readonly technique: string }) | null;
}

/** Outcomes that say nothing, for or against anything. */
const inconclusive: readonly OutcomeCode[] = ["timeout", "crash", "harness-error", "unsupported"];

/** What every run with the claim's profile shows of it, in the order of the runs. */
export function proofsOf(claim: Claim, data: SiteData): Proof[] {
  const { profile = "default", where, checks } = claim;
  return data.runs
    .filter((run) => run.profile.name === profile && !isIncapable(run))
    .map((run): Proof => {
      const checked = checks.map((check) => checkIn(check, run, data));
      const marks = checked.map(({ mark }) => mark);
      const mark =
        marks.find((one) => one === "not-so") ??
        marks.find((one) => one === "not-measured") ??
        "shown";
      const deciding = checked.filter((one) => one.mark === mark);
      const isMeant = where === "all" || where.includes(run.browser.id);
      return {
        run,
        mark,
        isBroken: mark === "not-so" && isMeant,
        texts: [...new Set(deciding.flatMap(({ text }) => text ?? []))],
        evidence: deciding.find(({ evidence }) => evidence !== null)?.evidence ?? null,
      };
    });
}

/** Whether the browser could not be given the profile at all, so that there is nothing to show of it. */
function isIncapable({ trials, profile }: SiteRun): boolean {
  return (
    profile.name !== "default" &&
    trials.every(([, , , , outcome]) => outcomeCodes[outcome] === "unsupported")
  );
}

interface Checked {
  readonly mark: Mark;
  readonly text: string | null;
  readonly evidence: Proof["evidence"];
}

function checkIn(check: Check, run: SiteRun, data: SiteData): Checked {
  switch (check.kind) {
    case "trial":
      return trialIn(check, run, data);
    case "feature": {
      const found = run.features.find(({ id }) => id === check.about);
      if (found === undefined) return { mark: "not-measured", text: null, evidence: null };
      const mark = found.supported === check.isSupported ? "shown" : "not-so";
      return { mark, text: found.detail, evidence: null };
    }
    case "risk":
    case "fault":
    case "trust":
    case "leak":
    case "shape":
      return factIn(check, run, data);
  }
}

function trialIn(
  { technique, at, outcomes }: Extract<Check, { kind: "trial" }>,
  run: SiteRun,
  data: SiteData,
): Checked {
  const place = [
    data.techniques.findIndex(({ id }) => id === technique),
    data.scenarios.findIndex(({ id }) => id === at.scenario),
    data.placements.indexOf(at.placement),
    data.schemes.indexOf(at.scheme),
  ];
  const codes = run.trials
    .filter((trial) => place.every((index, position) => trial[position] === index))
    .flatMap((trial) => outcomeCodes[trial[4]] ?? []);
  const told = codes.filter((code) => !inconclusive.includes(code));
  const mark =
    told.length === 0
      ? "not-measured"
      : told.every((code) => outcomes.includes(code))
        ? "shown"
        : "not-so";
  return { mark, text: null, evidence: codes.length === 0 ? null : { technique, ...at } };
}

function factIn(check: FactCheck, run: SiteRun, { answerFacts }: SiteData): Checked {
  const own = answerFacts.filter((fact) => fact.run === run.id && isAsked(fact, check));
  const known = own.filter((fact) => fact.says !== null);
  const against = known.find((fact) => !check.says.includes(fact.says ?? ""));
  const decisive = against ?? known[0] ?? own[0];
  const trial = decisive?.trial ?? null;
  return {
    mark: against !== undefined ? "not-so" : known.length > 0 ? "shown" : "not-measured",
    text: decisive?.text ?? null,
    evidence: trial === null ? null : { technique: check.technique, ...trial },
  };
}

/** Whether a fact, whatever it says, is what a check looks at. */
export function isAsked(fact: AnswerFact, { kind, technique, about, at }: FactCheck): boolean {
  return (
    fact.kind === kind &&
    fact.technique === technique &&
    fact.about === about &&
    (at === undefined ||
      (fact.trial?.scenario === at.scenario &&
        fact.trial.placement === at.placement &&
        fact.trial.scheme === at.scheme))
  );
}
