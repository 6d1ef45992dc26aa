import type { Findings, Goal } from "../benchmark.ts";
import type { Fault, FaultResult } from "./fault.ts";

/** A fault and what came of it. */
export interface FaultRow {
  readonly fault: Pick<Fault, "id" | "title" | "exits">;
  readonly outcome: FaultResult;
}

type MadeRow = FaultRow & { readonly outcome: Extract<FaultResult, { state: "made" }> };

/** What faults amount to: nothing lost, and every command ended as it should. */
export function findingsOf(rows: readonly FaultRow[]): Findings {
  const made = rows.filter(isMade);
  return {
    goals: [lossGoal(made), exitGoal(made), cleanGoal(made)],
    tables: [
      {
        title: "What breaks, what is seen, what is kept",
        headings: [
          "fault",
          "what the user reads",
          "measured before, and in the results",
          "measured, and lost",
          "made after the fault",
          "without a result",
          "processes and folders left",
          "exit code",
        ],
        rows: made.map(({ fault, outcome: { seen, exits, trials, left } }) => {
          const { asked, kept, lost, made: after, without } = trials;
          const counts =
            asked === 0 ? ["–", "–", "–", "–"] : [kept, lost, after, without].map(String);
          return [fault.title, seen, ...counts, String(left), exits.join(", then ")];
        }),
      },
    ],
    plots: [],
    notes: rows.flatMap(({ fault, outcome }) =>
      outcome.state === "absent" ? [`Not made here: ${fault.title}: ${outcome.reason}.`] : [],
    ),
  };
}

function lossGoal(rows: readonly MadeRow[]): Goal {
  const losing = rows.filter(({ outcome }) => outcome.trials.lost > 0);
  const sum = (of: "kept" | "lost"): number =>
    rows.reduce((total, { outcome }) => total + outcome.trials[of], 0);
  return {
    claim: "Nothing that was measured is lost, whatever breaks",
    measured: `${sum("lost")} of ${sum("kept") + sum("lost")} measured trials lost in ${rows.length} faults`,
    isMet: rows.length > 0 && losing.length === 0,
    why:
      losing.length === 0 ? null : `lost by: ${losing.map(({ fault }) => fault.title).join("; ")}`,
  };
}

function exitGoal(rows: readonly MadeRow[]): Goal {
  const wrong = rows.filter(({ fault, outcome }) => !isEqual(fault.exits, outcome.exits));
  return {
    claim: "Every command that meets a fault ends with the exit code that is documented for it",
    measured: `${rows.length - wrong.length} of ${rows.length} faults`,
    isMet: rows.length > 0 && wrong.length === 0,
    why:
      wrong.length === 0
        ? null
        : wrong
            .map(
              ({ fault, outcome }) =>
                `${fault.title}: ${outcome.exits.join(", ")} instead of ${fault.exits.join(", ")}`,
            )
            .join("; "),
  };
}

function cleanGoal(rows: readonly MadeRow[]): Goal {
  const unclean = rows.filter(({ outcome }) => outcome.left > 0);
  const left = unclean.reduce((sum, { outcome }) => sum + outcome.left, 0);
  return {
    claim: "No browser and no scratch folder outlives the run, whatever ends it",
    measured: `${left} left by ${rows.length} faults`,
    isMet: rows.length > 0 && left === 0,
    why: left === 0 ? null : `left by: ${unclean.map(({ fault }) => fault.title).join("; ")}`,
  };
}

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function isMade(row: FaultRow): row is MadeRow {
  return row.outcome.state === "made";
}
