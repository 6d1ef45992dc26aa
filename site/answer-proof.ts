import type { Check, Claim, FactCheck, TrialPlace } from "./answers.ts";
import { type AnswerFact, outcomeCodes, type SiteData, type SiteRun } from "./data.ts";
import { isConclusive, outcomeIn } from "./outcomes-in.ts";

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
  /** Where the page of what goes wrong shows it, as a fragment; null when it is in a trial, or nobody looked. */
  readonly section: RiskSection | null;
}

/** Sections of the page of what goes wrong that show what is in no trial of a run. */
export type RiskSection = "certificates" | "faults" | "neighbours";

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
        section: deciding.find(({ section }) => section !== null)?.section ?? null,
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
  readonly section: Proof["section"];
}

const unseen: Checked = { mark: "not-measured", text: null, evidence: null, section: null };

function checkIn(check: Check, run: SiteRun, data: SiteData): Checked {
  switch (check.kind) {
    case "trial":
      return trialIn(check, run, data);
    case "feature": {
      const found = run.features.find(({ id }) => id === check.about);
      if (found === undefined) return unseen;
      const mark = found.supported === check.isSupported ? "shown" : "not-so";
      return { mark, text: found.detail, evidence: null, section: "neighbours" };
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
  const trial = { technique, ...at };
  const outcome = outcomeIn(data, run, trial);
  if (outcome === undefined) return unseen;
  const isShown = outcomes.some((one) => one === outcome);
  const mark = !isConclusive(outcome) ? "not-measured" : isShown ? "shown" : "not-so";
  return { mark, text: null, evidence: trial, section: null };
}

/** Where facts are shown that were seen outside of a run's trials. */
const sections: Readonly<Partial<Record<FactCheck["kind"], RiskSection>>> = {
  trust: "certificates",
  fault: "faults",
};

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
    section: decisive !== undefined && trial === null ? (sections[check.kind] ?? null) : null,
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
