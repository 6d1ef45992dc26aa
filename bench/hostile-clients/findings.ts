import type { Findings, Goal, Table } from "../benchmark.ts";
import type { Measured } from "./measure.ts";

/** How many times longer than before a good client's usual cycle may take while somebody attacks. */
export const mostTimes = 3;
/** How much of what attacks took may be left in use, in MiB. */
export const mostLeft = 16;

const mebibyte = 1_024 * 1_024;

/** What the attacks say of the lab, in the order in which they were made. At least one. */
export function findingsOf(measured: readonly Measured[]): Findings {
  return {
    goals: [endedGoal(measured), servedGoal(measured), speedGoal(measured), memoryGoal(measured)],
    tables: [limitsTable(measured), othersTable(measured)],
    plots: [],
    notes: [
      "Lab, attacker and good client are three processes on one machine: an attacker that sends as fast as it can takes processor time from the others as well.",
      "A good client makes whole cycles on another server of the same lab: it connects, authenticates, is greeted, says goodbye and is closed.",
      "All attackers come from this machine here. Of other devices, each address has a share of its own besides: of connections, visits, places in the feed and answers that it does not read.",
    ],
  };
}

function endedGoal(measured: readonly Measured[]): Goal {
  const open = measured.filter(({ releasedAfterMs }) => releasedAfterMs === null);
  return {
    claim: "Every attack is ended by a limit, and leaves no connection behind",
    measured: `${measured.length - open.length} of ${measured.length} attacks`,
    isMet: open.length === 0,
    why: open.length === 0 ? null : `still open: ${namesOf(open)}`,
  };
}

function servedGoal(measured: readonly Measured[]): Goal {
  const failing = measured.filter(({ unserved }) => unserved > 0);
  const failed = sum(measured.map(({ unserved }) => unserved));
  const all = failed + sum(measured.map(({ during }) => during.length));
  return {
    claim: "Others are served during every attack",
    measured: `${all - failed} of ${all} cycles`,
    isMet: failed === 0,
    why: failed === 0 ? null : `not all during: ${namesOf(failing)}`,
  };
}

function speedGoal(measured: readonly Measured[]): Goal {
  const slow = measured.filter((one) => ratioOf(one) > mostTimes);
  const worst = measured.reduce((a, b) => (ratioOf(b) > ratioOf(a) ? b : a));
  return {
    claim: `The median cycle of a good client takes at most ${mostTimes} times as long during an attack as before it`,
    measured: `at most ${ratioOf(worst).toFixed(1)} times (${worst.attack.id}: ${cyclesOf(worst)})`,
    isMet: slow.length === 0,
    why: slow.length === 0 ? null : `longer during: ${namesOf(slow)}`,
  };
}

function memoryGoal(measured: readonly Measured[]): Goal {
  const [first, last] = [measured[0], measured.at(-1)];
  const before = first?.heap.before ?? 0;
  const left = ((last?.heap.after ?? 0) - before) / mebibyte;
  return {
    claim: `All attacks together leave at most ${mostLeft} MiB in use`,
    measured: `${left.toFixed(1)} MiB more than the ${(before / mebibyte).toFixed(1)} MiB before the first`,
    isMet: left <= mostLeft,
    why: null,
  };
}

function limitsTable(measured: readonly Measured[]): Table {
  return {
    title: "What ends them",
    headings: ["a client that", "connections", "is ended by", "and told", "all gone after (s)"],
    rows: measured.map(({ attack, connections, said, releasedAfterMs }) => [
      attack.does,
      String(connections),
      attack.endedBy,
      [...said].map(([one, count]) => `${one === "" ? "nothing" : one} (${count})`).join(", ") ||
        "nothing that it reads",
      releasedAfterMs === null ? "still there" : (releasedAfterMs / 1_000).toFixed(1),
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
      milliseconds(median(one.before)),
      milliseconds(median(one.during)),
      ratioOf(one).toFixed(1),
      milliseconds(Math.max(...one.before)),
      milliseconds(Math.max(...one.during)),
      String(one.during.length),
      String(one.unserved),
      ...[one.resident.before, one.resident.during, one.heap.before, one.heap.after].map((bytes) =>
        (bytes / mebibyte).toFixed(0),
      ),
    ]),
  };
}

function cyclesOf({ before, during }: Measured): string {
  return `${milliseconds(median(during))} ms against ${milliseconds(median(before))} ms`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function ratioOf({ before, during }: Measured): number {
  return median(during) / median(before);
}

/** Of an even number, the higher one in the middle; infinite where there is none. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Infinity;
}

function milliseconds(ms: number): string {
  return Number.isFinite(ms) ? ms.toFixed(1) : "–";
}

function namesOf(measured: readonly Measured[]): string {
  return measured.map(({ attack }) => attack.id).join(", ");
}
