import type { Findings, Goal, Plot, Table } from "../benchmark.ts";
import {
  busyOf,
  ceilings,
  expiryPauses,
  hasExpired,
  medianRatio,
  processorMsOf,
  rateOf,
  slopes,
  whole,
} from "./figures.ts";
import type { Memory } from "./memory.ts";
import type { Measured, MemoryAt, Round, Window } from "./measured.ts";
import { goalMemoryRatio, goalPauseMs, goalRateRatio, techniqueId } from "./terms.ts";

/** What was measured, in goals, tables and plots. */
export function findingsOf(measured: Measured): Findings {
  return {
    goals: [memoryGoal(measured), rateGoal(measured), pauseGoal(measured), expiryGoal(measured)],
    tables: [
      memoryTable(measured),
      rateTable(measured),
      pauseTable(measured),
      operationTable(measured),
      ceilingTable(measured),
    ],
    plots: [memoryPlot(measured), pausePlot(measured)],
    notes: notesOf(measured),
  };
}

function memoryGoal({ connections }: Measured): Goal {
  const lab = slopes(connections.lab);
  const bare = slopes(connections.bare);
  const ratios = { resident: lab.resident / bare.resident, objects: lab.objects / bare.objects };
  const larger = Math.max(ratios.resident, ratios.objects);
  const isMet = larger <= goalMemoryRatio;
  return {
    claim: `An open connection takes at most ${goalMemoryRatio} times the memory of one of bare ws, both as the system counts it and as objects`,
    measured: `${times(ratios.resident)} of what the system counts (${kib(lab.resident)} against ${kib(bare.resident)} KiB), ${times(ratios.objects)} of objects (${kib(lab.objects)} against ${kib(bare.objects)} KiB)`,
    isMet,
    why: isMet
      ? null
      : `A connection of the lab holds ${whole(lab.objects - bare.objects)} bytes of objects that a bare one does not`,
  };
}

function rateGoal({ rounds, tokens, connections }: Measured): Goal {
  const [empty, full] = [rounds.map((one) => one.empty), rounds.map((one) => one.full)];
  const ratio = rateOf(full) / rateOf(empty);
  const isMet = ratio >= goalRateRatio;
  const processor = processorMsOf(full) / processorMsOf(empty);
  return {
    claim: `With ${counted(tokens)} live tokens and ${counted(connections.lab)} open connections the handshake rate is at least ${goalRateRatio} of the empty server's`,
    measured: `${ratio.toFixed(3)} (${whole(rateOf(full))} against ${whole(rateOf(empty))} a second; ${medianRatio(rounds).toFixed(3)} in the middle one of ${rounds.length} pairs of rounds)`,
    isMet,
    why: isMet
      ? null
      : `A handshake takes ${processor.toFixed(3)} times the processor time that it takes on the empty server`,
  };
}

function pauseGoal(measured: Measured): Goal {
  const { lab, idleMs } = expiryPauses(measured.windows);
  const { longestMs, inTheLongest, longestOwnMs } = lab.lab;
  const isMet = longestMs <= goalPauseMs;
  return {
    claim: `${whole(measured.expiry.tokens)} tokens run out and are dropped, and ${whole(measured.expiry.connections)} connections end with them, without a pause over ${goalPauseMs} ms`,
    measured: `${ms(longestMs)} ms at the longest, while “${lab.name}” (an idle process beside it: ${ms(idleMs)} ms)`,
    isMet,
    why: isMet
      ? null
      : `In the longest pause the server's main thread computed for ${ms(inTheLongest.computedMs)} ms, and the garbage collector ran for ${ms(inTheLongest.collectedMs)} ms by the clock; in no pause did it compute for longer than ${ms(longestOwnMs)} ms. What is neither is the machine's: others had the processor`,
  };
}

function expiryGoal(measured: Measured): Goal {
  const { expiry } = measured;
  const ends = Object.entries(expiry.ends)
    .map(([code, many]) => `${whole(many)} with ${code}`)
    .join(", ");
  return {
    claim: "Every connection ends with its token, and no dead token stays",
    measured: `connections closed: ${ends}; of ${whole(expiry.tokens)} dead tokens ${whole(expiry.left)} were left`,
    isMet: hasExpired(measured),
    why: null,
  };
}

function memoryTable({ connections, tokens }: Measured): Table {
  return {
    title: "Memory that each one more takes",
    headings: ["what", "up to", "as the system counts (bytes)", "objects (bytes)"],
    rows: [
      memoryRow("a connection of the lab", connections.lab),
      memoryRow("a connection of bare ws", connections.bare),
      memoryRow("a live token", tokens),
    ],
  };
}

function rateTable({ rounds, connections, tokens }: Measured): Table {
  const full = `${counted(connections.lab)} connections, ${counted(tokens)} tokens`;
  return {
    title: "Handshakes: connect, be greeted, say goodbye, be closed",
    headings: ["server", "a second", "processor (µs each)", "event loop busy"],
    rows: [
      rateRow(
        "empty",
        rounds.map((one) => one.empty),
      ),
      rateRow(
        full,
        rounds.map((one) => one.full),
      ),
    ],
  };
}

function memoryRow(name: string, points: readonly MemoryAt[]): string[] {
  const { resident, objects } = slopes(points);
  return [name, counted(points), whole(resident), whole(objects)];
}

function rateRow(name: string, some: readonly Round[]): string[] {
  return [
    name,
    whole(rateOf(some)),
    (1_000 * processorMsOf(some)).toFixed(0),
    `${(100 * busyOf(some)).toFixed(0)} %`,
  ];
}

function pauseTable({ windows }: Measured): Table {
  return {
    title: "Pauses of the server's event loop",
    headings: [
      "while",
      "took (s)",
      "longest (ms)",
      "99.9 % (ms)",
      "idle process, longest (ms)",
      "main thread computed in one, at the most (ms)",
      "longest garbage collection (ms)",
    ],
    rows: windows.map(({ name, tookMs, lab, idle }) => [
      name,
      (tookMs / 1_000).toFixed(1),
      ms(lab.longestMs),
      ms(lab.p999Ms),
      ms(idle.longestMs),
      ms(lab.longestOwnMs),
      ms(lab.longestCollectionMs),
    ]),
  };
}

function operationTable({ operations, tokens }: Measured): Table {
  const { empty, full } = operations;
  return {
    title: "What the token store does for a request, a log or a trial",
    headings: [
      "operation",
      "few tokens, median (µs)",
      `${counted(tokens)} tokens, median (µs)`,
      "few tokens, longest (ms of processor)",
      `${counted(tokens)} tokens, longest (ms of processor)`,
    ],
    rows: full.map((one) => {
      const other = empty.find(({ name }) => name === one.name);
      return [
        one.name,
        other === undefined ? "" : other.medianUs.toFixed(1),
        one.medianUs.toFixed(1),
        other === undefined ? "" : ms(other.longestMs),
        ms(one.longestMs),
      ];
    }),
  };
}

function ceilingTable(measured: Measured): Table {
  return {
    title: "What would break first beyond that",
    headings: ["what runs out", "at about", "times what was measured", "because"],
    rows: ceilings(measured).map((one) => [
      one.what,
      `${whole(one.at)} ${one.unit}`,
      one.timesMeasured.toFixed(1),
      one.because,
    ]),
  };
}

function memoryPlot({ connections }: Measured): Plot {
  return {
    id: "memory-by-connections",
    title: "Memory by open connections",
    kind: "lines",
    labels: connections.lab.map((point) => whole(point.count)),
    series: [
      growth("lab, as the system counts", connections.lab, "resident"),
      growth("bare ws, as the system counts", connections.bare, "resident"),
      growth("lab, objects", connections.lab, "objects"),
      growth("bare ws, objects", connections.bare, "objects"),
    ],
    unit: "MiB more than with none",
  };
}

function growth(
  name: string,
  points: readonly MemoryAt[],
  kind: keyof Memory,
): Plot["series"][number] {
  const base = points[0]?.memory[kind] ?? 0;
  return { name, values: points.map(({ memory }) => rounded((memory[kind] - base) / 2 ** 20)) };
}

function pausePlot({ windows }: Measured): Plot {
  const values = (of: (window: Window) => number): number[] =>
    windows.map((window) => rounded(of(window)));
  return {
    id: "pauses",
    title: "The longest pause while",
    kind: "bars",
    labels: windows.map(({ name }) => name),
    series: [
      { name: "the server", values: values(({ lab }) => lab.longestMs) },
      { name: "an idle process", values: values(({ idle }) => idle.longestMs) },
      { name: "computed by the server", values: values(({ lab }) => lab.longestOwnMs) },
    ],
    unit: "ms",
  };
}

function notesOf(measured: Measured): string[] {
  const { surroundings, allowance, connections, rounds } = measured;
  const [first] = ceilings(measured);
  const busy = busyOf(rounds.map((one) => one.full));
  return [
    ...(first === undefined
      ? []
      : [
          `What breaks first is ${first.what}: at about ${whole(first.at)} ${first.unit}, ${first.timesMeasured.toFixed(1)} times what was measured.`,
        ]),
    `Before any of that come the lab's own limits: ${whole(surroundings.defaultConnections)} connections to a server of a technique, and ${whole(surroundings.defaultTokens)} tokens (server/config.ts). The benchmark has raised both, and lets connections be silent for an hour; all else is as the lab has it, but that dead tokens are forgotten sooner.`,
    ...(allowance.descriptors === null
      ? []
      : [
          `A process here may have ${whole(allowance.descriptors)} descriptors, and needed ${counted(connections.lab)} for its connections: nothing had to be raised, for Node raises its own limit as far as it may.`,
        ]),
    `Servers, clients and the idle process are processes of their own; the server is started as npm start does it (${surroundings.flags.length === 0 ? "without flags for Node" : surroundings.flags.join(" ")}), and is the lab's, with the technique “${techniqueId}”, and the connections belong to no attempt. What an attempt keeps is capped at the last 1,000 attempts.`,
    `While handshakes were counted, the full server's event loop was busy for ${(100 * busy).toFixed(0)} % of the time: ${busy >= 0.9 ? "the clients were not the bottleneck" : "the clients, or the machine, were a part of the bottleneck, and the processor time says more than the rate"}.`,
    "What the system counts is taken without V8's nursery, which is empty after the garbage was collected, and as large as connections were made fast. Tokens of the connections are counted with the tokens.",
    "A pause is what Node's histogram of event-loop delays has as its maximum, at a resolution of 1 ms, without that millisecond.",
  ];
}

function counted(points: readonly MemoryAt[]): string {
  return whole(points.at(-1)?.count ?? 0);
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} times`;
}

function kib(bytes: number): string {
  return (bytes / 1_024).toFixed(1);
}

function ms(value: number): string {
  return value.toFixed(1);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
