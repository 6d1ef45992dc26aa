import { keptEnds } from "./assault.ts";
import type { Findings, Goal, Table } from "../benchmark.ts";
import { medianOf } from "../spread.ts";
import type { Measured } from "./measure.ts";

/** How many times longer than before a good client's usual cycle may take while somebody attacks. */
export const mostTimes = 3;
/** How much of what attacks took may be left in use, in MiB. */
export const mostLeft = 16;

const mebibyte = 1_024 * 1_024;

/** What the attacks say of the lab, in the order in which they were made. At least one. */
export function findingsOf(measured: readonly Measured[]): Findings {
  const flood = slowestOf(measured.filter(isFlood));
  return {
    goals: [endedGoal(measured), servedGoal(measured), speedGoal(measured), memoryGoal(measured)],
    tables: [limitsTable(measured), othersTable(measured)],
    plots: [],
    notes: [
      ...(flood === undefined
        ? []
        : [
            `While somebody sends, begins or resets as fast as they can, the median cycle takes up to ${timesOf(flood)}.`,
          ]),
      "Lab, attacker and good client are three processes on one machine: an attacker that sends as fast as it can takes processor time from the others as well.",
      `Of an attack, what its first ${keptEnds.toLocaleString("en")} connections to end were told is counted and judged.`,
      `The cycles during an attack are those in which it had a connection open; one that was over too soon for enough of them was made again.`,
      "A good client makes whole cycles on another server of the same lab: it connects, authenticates, is greeted, says goodbye and is closed.",
      "An attack that is made again and again is gone when nothing is left of it after its last connection was begun; the others count from their beginning.",
      "All attackers come from this machine here. Of other devices, each address has a share of its own besides: of connections, visits, places in the feed and answers that it does not read.",
    ],
  };
}

function endedGoal(measured: readonly Measured[]): Goal {
  const rows: readonly (readonly [string, readonly Measured[]])[] = [
    ["the lab's process ended, and what follows was not tried", measured.filter(hasKilled)],
    ["still open", measured.filter((one) => one.releasedAfterMs === null && !hasKilled(one))],
    ["ended otherwise than by its limit", measured.filter((one) => !isEndedAsMeant(one))],
  ];
  const missed = rows.filter(([, of]) => of.length > 0);
  const failing = new Set(missed.flatMap(([, of]) => of));
  return {
    claim: "Every attack is ended with what its limit says, and leaves no connection behind",
    measured: `${measured.length - failing.size} of ${measured.length} attacks`,
    isMet: failing.size === 0,
    why: missed.map(([how, of]) => `${how}: ${namesOf(of)}`).join("; ") || null,
  };
}

function hasKilled({ heap }: Measured): boolean {
  return heap.after === null;
}

/** Who reads nothing may see no end. */
function isEndedAsMeant({ attack, said }: Measured): boolean {
  return (
    (said.size > 0 || attack.neverReads === true) &&
    [...said.keys()].every((one) => attack.ends.includes(one))
  );
}

function servedGoal(measured: readonly Measured[]): Goal {
  const failing = measured.filter(({ unserved }) => unserved > 0);
  const failed = sum(measured.map(({ unserved }) => unserved));
  const all = failed + sum(measured.map(({ during }) => during.length));
  const short = measured.filter((one) => one.during.length + one.unserved < one.cycles);
  const missed = [
    ...(failing.length === 0 ? [] : [`not all during: ${namesOf(failing)}`]),
    ...(short.length === 0 ? [] : [`too few were made during: ${namesOf(short)}`]),
  ];
  return {
    claim: "Others are served during every attack",
    measured: `${all - failed} of ${all} cycles`,
    isMet: missed.length === 0,
    why: missed.join("; ") || null,
  };
}

function speedGoal(measured: readonly Measured[]): Goal {
  const quiet = measured.filter((one) => !isFlood(one));
  const worst = slowestOf(quiet);
  const slow = quiet.filter((one) => ratioOf(one) > mostTimes);
  return {
    claim: `The median cycle of a good client takes at most ${mostTimes} times as long as before while others are slow, silent or too many`,
    measured: worst === undefined ? "not tried" : `at most ${timesOf(worst)}`,
    isMet: worst !== undefined && slow.length === 0,
    why: slow.length === 0 ? null : `longer during: ${namesOf(slow)}`,
  };
}

/** Whether it takes as much of the machine as it can get, and not only places. */
function isFlood({ attack }: Measured): boolean {
  return attack.goesOn === true || attack.neverReads === true;
}

function slowestOf(measured: readonly Measured[]): Measured | undefined {
  return measured.toSorted((a, b) => ratioOf(b) - ratioOf(a))[0];
}

function timesOf(one: Measured): string {
  const [during, before] = [medianOf(one.during, Infinity), medianOf(one.before, Infinity)].map(
    milliseconds,
  );
  return `${ratioOf(one).toFixed(1)} times (${one.attack.id}: ${during} ms against ${before} ms)`;
}

function memoryGoal(measured: readonly Measured[]): Goal {
  const [first, last] = [measured[0], measured.at(-1)];
  const before = first?.heap.before ?? 0;
  const after = last?.heap.after ?? null;
  const left = after === null ? Infinity : (after - before) / mebibyte;
  return {
    claim: `All attacks together leave at most ${mostLeft} MiB in use`,
    measured:
      after === null
        ? "the lab's process has ended"
        : `${left.toFixed(1)} MiB more than the ${(before / mebibyte).toFixed(1)} MiB before the first`,
    isMet: left <= mostLeft,
    why: null,
  };
}

function limitsTable(measured: readonly Measured[]): Table {
  return {
    title: "What ends them",
    headings: [
      "a client that",
      "connections",
      "ought to be ended by",
      "and told",
      "was told",
      "all gone after (s)",
    ],
    rows: measured.map(({ attack, connections, said, releasedAfterMs }) => [
      attack.does,
      String(connections),
      attack.endedBy,
      attack.ends.map((one) => one || "nothing").join(" or "),
      [...said].map(([one, count]) => `${one === "" ? "nothing" : one} (${count})`).join(", ") ||
        "nothing that it reads",
      releasedAfterMs === null ? "never" : (releasedAfterMs / 1_000).toFixed(1),
    ]),
  };
}

function othersTable(measured: readonly Measured[]): Table {
  return {
    title: "What others notice",
    headings: [
      "attack",
      "median cycle before (ms)",
      "during (ms)",
      "times",
      "worst before (ms)",
      "worst during (ms)",
      "cycles during",
      "not served",
      "process before (MiB)",
      "at most during (MiB)",
      "in use before (MiB)",
      "in use after (MiB)",
    ],
    rows: measured.map((one) => [
      one.attack.id,
      milliseconds(medianOf(one.before, Infinity)),
      milliseconds(medianOf(one.during, Infinity)),
      ratioOf(one).toFixed(1),
      milliseconds(Math.max(...one.before)),
      milliseconds(Math.max(...one.during)),
      String(one.during.length),
      String(one.unserved),
      ...[one.resident.before, one.resident.during, one.heap.before, one.heap.after].map((bytes) =>
        bytes === null ? "–" : (bytes / mebibyte).toFixed(0),
      ),
    ]),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function ratioOf({ before, during }: Measured): number {
  if (before.length === 0) return Infinity;
  return medianOf(during, Infinity) / medianOf(before, Infinity);
}

function milliseconds(ms: number): string {
  return Number.isFinite(ms) ? ms.toFixed(1) : "–";
}

function namesOf(measured: readonly Measured[]): string {
  return measured.map(({ attack }) => attack.id).join(", ");
}
