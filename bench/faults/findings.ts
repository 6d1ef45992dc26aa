import type { Findings, Goal } from "../benchmark.ts";
import type { Fault, FaultResult } from "./fault.ts";

/** A fault and what came of it. */
export interface FaultRow {
  readonly fault: Pick<Fault, "id" | "title" | "exits">;
  readonly outcome:
    | FaultResult
    /** It was begun, and did not come to its end. */
    | { readonly state: "failed"; readonly reason: string };
}

type MadeRow = FaultRow & { readonly outcome: Extract<FaultResult, { state: "made" }> };

/** What faults amount to: nothing lost, and every command ended as it should. */
export function findingsOf(rows: readonly FaultRow[]): Findings {
  const made = rows.filter(isMade);
  return {
    goals: [
      lossGoal(made),
      exitGoal(made.filter(isOfCommands)),
      cleanGoal(made.filter(isOfCommands)),
    ].map((goal) => withFailures(goal, rows)),
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
        rows: made.map((row) => {
          const { fault, outcome } = row;
          const { seen, exits, trials, left } = outcome;
          const { asked, kept, lost, made: after, without } = trials;
          const counts =
            asked === 0 ? ["–", "–", "–", "–"] : [kept, lost, after, without].map(String);
          const ends = isOfCommands(row) ? [String(left), exits.join(", then ")] : ["–", "–"];
          return [fault.title, seen, ...counts, ...ends];
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
  const measuring = rows.filter(({ outcome }) => outcome.trials.asked > 0);
  const losing = measuring.filter(({ outcome }) => outcome.trials.lost > 0);
  const empty = measuring.filter(({ outcome: { trials } }) => trials.kept + trials.lost === 0);
  const sum = (of: "kept" | "lost"): number =>
    measuring.reduce((total, { outcome }) => total + outcome.trials[of], 0);
  const reasons = [
    ...(measuring.length === 0 ? ["no fault was made in which trials are measured"] : []),
    ...(losing.length > 0 ? [`lost by: ${titles(losing)}`] : []),
    ...(empty.length > 0 ? [`nothing had been measured before: ${titles(empty)}`] : []),
  ];
  return {
    claim: "Nothing that was measured is lost, whatever breaks",
    measured: `${sum("lost")} of ${sum("kept") + sum("lost")} measured trials lost in ${measuring.length} faults`,
    isMet: reasons.length === 0,
    why: reasons.length === 0 ? null : reasons.join("; "),
  };
}

/** A fault that did not come to its end meets nothing. */
function withFailures(goal: Goal, rows: readonly FaultRow[]): Goal {
  const failures = rows.flatMap(({ fault, outcome }) =>
    outcome.state === "failed" ? [`not carried through: ${fault.title}: ${outcome.reason}`] : [],
  );
  if (failures.length === 0) return goal;
  const reasons = goal.why === null ? failures : [goal.why, ...failures];
  return { ...goal, isMet: false, why: reasons.join("; ") };
}

function titles(rows: readonly FaultRow[]): string {
  return rows.map(({ fault }) => fault.title).join("; ");
}

/** What is made within this process has no exit code, and leaves nothing that could be told from what is ours. */
function isOfCommands({ fault }: FaultRow): boolean {
  return fault.exits.length > 0;
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
    why: left === 0 ? null : `left by: ${titles(unclean)}`,
  };
}

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function isMade(row: FaultRow): row is MadeRow {
  return row.outcome.state === "made";
}
