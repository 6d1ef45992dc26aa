import type { Findings, Goal, Table } from "../benchmark.ts";
import type { Comparison, Round, TechniqueFacts } from "./comparison.ts";
import { spreadOf, type Spread } from "../spread.ts";

/** All that the benchmark measured. Plain data. */
export interface Measured {
  /** Each in processes of its own. */
  readonly techniques: readonly (Comparison & TechniqueFacts)[];
  /** Techniques once more, in a process that has served all of them. */
  readonly together: readonly Comparison[];
  /** And on attempts of the lab's own. */
  readonly attempts: readonly Comparison[];
  readonly servers: readonly MeasuredServer[];
  readonly concurrency: number;
  /** Whether the client and the servers each had a core to themselves. */
  readonly pinned: boolean;
}

/** Another server, or why it could not be measured. */
export type MeasuredServer =
  | { readonly title: string; readonly absent: string }
  | {
      /** With its version. */
      readonly title: string;
      readonly own: Comparison;
      /** The same server, open to everybody; null where it was not tried. */
      readonly open: Comparison | null;
    };

const leastRatio = 0.95;
/** A client that is busy for longer could be what is measured. */
const mostBusy = 0.9;
/** A server that is on a processor for less of the time is not what limits the rate. */
const leastShare = 0.75;

/** What is to be said of it. */
export function connectionFindings(measured: Measured): Findings {
  const { techniques, together, attempts, servers } = measured;
  const plain = techniques.filter(({ cryptography, library }) => !(cryptography ?? library));
  const [longer, direct] = [plain.filter(hasTwin), plain.filter((one) => !hasTwin(one))];
  const goals = [
    ratioGoal(
      `Techniques without cryptography that need no more messages reach ${leastRatio} of bare \`ws\``,
      direct,
      ratioToBare,
    ),
    ratioGoal(
      `Techniques without cryptography that send the credential in a message reach ${leastRatio} of bare \`ws\` with the same messages`,
      longer,
      ratioToTwin,
    ),
    clientGoal([...techniques, ...together, ...attempts]),
  ].filter((goal) => goal !== null);
  const plotted = [...techniques, ...attempts];
  return {
    goals,
    tables: [
      {
        title: "Full cycles a second, by technique",
        headings: [...ratioHeadings, "messages", "besides"],
        rows: techniques.map((one) => [
          ...ratioCells(one),
          `${one.messages.client} + ${one.messages.server}`,
          one.cryptography ?? (one.library === null ? "" : `protocol of ${one.library}`),
        ]),
      },
      ...onceMore("The same in a process that has served all techniques", together),
      ...onceMore(
        "The same on attempts of that lab's own, whose evidence is kept with the request's head",
        attempts,
      ),
      serverTable(servers),
      clientTable(techniques),
    ],
    plots: [
      {
        id: "connections-ratio",
        title: "Authenticated connections a second against bare ws",
        kind: "bars",
        labels: plotted.map(({ title }) => title),
        series: [{ name: "ratio", values: plotted.map((one) => rounded(ratioToBare(one).median)) }],
        unit: "1 = as many as bare ws",
      },
    ],
    notes: notesOf(measured),
  };
}

function onceMore(title: string, comparisons: readonly Comparison[]): readonly Table[] {
  if (comparisons.length === 0) return [];
  return [{ title, headings: ratioHeadings, rows: comparisons.map(ratioCells) }];
}

const ratioHeadings = [
  "technique",
  "cycles/s",
  "of bare",
  "quartiles",
  "of bare, same messages",
  "server µs a cycle",
  "bare µs a cycle",
];

function ratioCells(one: Comparison): readonly string[] {
  const ratio = ratioToBare(one);
  return [
    one.title,
    whole(median(one, ({ own }) => own.rate)),
    share(ratio.median),
    `${share(ratio.lower)}–${share(ratio.upper)}`,
    hasTwin(one) ? share(ratioToTwin(one).median) : "",
    micros(one.groups.map(({ own }) => own)),
    micros(one.groups.map(({ bare }) => bare)),
  ];
}

function hasTwin({ groups }: Comparison): boolean {
  return groups.some(({ twin }) => twin !== null);
}

function ratioToBare({ groups }: Comparison): Spread {
  return spreadOf(groups.map(({ own, bare }) => own.rate / bare.rate));
}

function ratioToTwin({ groups }: Comparison): Spread {
  return spreadOf(groups.map(({ own, bare, twin }) => own.rate / (twin ?? bare).rate));
}

/** Null when there is nothing to say it of. */
function ratioGoal<One extends Comparison>(
  claim: string,
  subjects: readonly One[],
  ratioOf: (one: One) => Spread,
): Goal | null {
  if (subjects.length === 0) return null;
  const ratios = subjects.map((one) => ({ title: one.title, ...ratioOf(one) }));
  const sorted = ratios.toSorted((a, b) => a.median - b.median);
  const [lowest, highest] = [sorted.at(0), sorted.at(-1)];
  if (lowest === undefined || highest === undefined) return null;
  const missed = sorted.filter((one) => one.median < leastRatio);
  const across =
    sorted.length === 1
      ? `${share(lowest.median)} (${lowest.title})`
      : `${share(lowest.median)} (${lowest.title}) to ${share(highest.median)} (${highest.title}), half of them above ${share(spreadOf(sorted.map((one) => one.median)).median)}`;
  return {
    claim,
    measured: across,
    isMet: missed.length === 0,
    why:
      missed.length === 0
        ? null
        : `${missed.length} of ${sorted.length} are below: ${missed.map(({ title, median: ratio }) => `${title} ${share(ratio)}`).join(", ")}`,
  };
}

function clientGoal(all: readonly Comparison[]): Goal | null {
  const rounds = all.flatMap(({ groups }) => groups.map(({ bare }) => bare));
  if (rounds.length === 0) return null;
  const busy = spreadOf(rounds.map(({ clientBusy }) => clientBusy));
  const shares = rounds.flatMap(({ serverShare }) => (serverShare === null ? [] : [serverShare]));
  const server = shares.length === 0 ? null : spreadOf(shares).median;
  const reasons = [
    ...(busy.median < mostBusy ? [] : ["the client was busy all the time"]),
    ...(server === null || server >= leastShare
      ? []
      : ["the bare server waited for its client, or for a machine that had other things to do"]),
  ];
  return {
    claim:
      "Servers limit the rates, and not the load generator: beside the fastest of them, the bare one, its event loop is idle at times",
    measured: `busy for ${percent(busy.median)} of the time, ${percent(busy.upper)} in a quarter of the rounds${server === null ? "" : `, while that server used ${percent(server)} of a core`}`,
    isMet: reasons.length === 0,
    why: reasons.length === 0 ? null : `${reasons.join("; ")}: the ratios tell little of servers`,
  };
}

function clientCells(name: string, of: readonly Round[]): readonly string[] {
  return [
    name,
    whole(spreadOf(of.map(({ clientMicros }) => clientMicros)).median),
    percent(spreadOf(of.map(({ clientBusy }) => clientBusy)).median),
    micros(of),
    shareOf(of),
  ];
}

function clientTable(techniques: readonly Comparison[]): Table {
  const rounds = techniques.flatMap(({ groups }) => groups);
  return {
    title: "Headroom of the load generator",
    headings: [
      "rounds",
      "client µs a cycle",
      "client's event loop busy",
      "server µs a cycle",
      "server's share of a core",
    ],
    rows:
      rounds.length === 0
        ? []
        : [
            clientCells(
              "bare ws",
              rounds.map(({ bare }) => bare),
            ),
            clientCells(
              "techniques",
              rounds.map(({ own }) => own),
            ),
          ],
  };
}

function serverTable(servers: readonly MeasuredServer[]): Table {
  return {
    title: "Other servers, with the same conversation",
    headings: ["server", "cycles/s", "of bare ws", "quartiles", "of itself, open to everybody"],
    rows: servers.map((server) => {
      if ("absent" in server) return [server.title, "", "", "", `not measured: ${server.absent}`];
      const { own, open, title } = server;
      const ratio = ratioToBare(own);
      return [
        title,
        whole(median(own, ({ own: { rate } }) => rate)),
        share(ratio.median),
        `${share(ratio.lower)}–${share(ratio.upper)}`,
        open === null ? "" : share(ratio.median / ratioToBare(open).median),
      ];
    }),
  };
}

function notesOf({ techniques, concurrency, pinned }: Measured): readonly string[] {
  const rounds = techniques.flatMap(({ groups }) => groups.length);
  const fewest = Math.min(...rounds);
  const marked = techniques.filter(({ cryptography, library }) => cryptography ?? library);
  return [
    `A cycle: connect, present the credential, \`Hello\`, \`Goodbye\`, close with 1000. ${concurrency} at a time, in rounds that alternate between the bare server and the lab, in processes of their own${pinned ? ", the client on one core and the servers on another" : "; they were not kept on cores of their own, which makes rates less steady"}. A ratio is taken of rounds next to each other; the figure is the median of at least ${fewest}.`,
    "The lab is the product as `npm start` runs it, with its checks, limits and evidence, on its own ports; it serves one technique, and it and the bare server it is compared with are started for that. Where it has served others before, V8's compiled code has to suit all of them, and is slower: that has a table of its own. A thousand tokens are live and presented in turn, and every client says `Origin` as a browser does.",
    "Techniques whose credential is in the handshake can reach more than 1: the lab says its answer and its greeting in one packet, which `ws` does not by itself. What that alone is worth is the first row of the other servers.",
    "What a technique does by HTTP before it opens its WebSocket (a ticket, a cookie, a signature, a proxy's approval) is done before the round begins; a channel's grant cannot be, for it is made for a socket that is open.",
    "Techniques that differ only in what a browser does are the same here: they differ by chance, which shows how much that is.",
    ...(marked.length === 0
      ? []
      : [
          `The goal is not for ${marked.map(({ title }) => title).join(", ")}: they compute signatures, or speak a protocol of their own; "same messages" is a bare server that says what theirs said, over TLS where theirs is.`,
        ]),
  ];
}

function median(
  { groups }: Comparison,
  of: (group: Comparison["groups"][number]) => number,
): number {
  return spreadOf(groups.map(of)).median;
}

function micros(rounds: readonly Round[]): string {
  const known = rounds.flatMap(({ serverMicros }) => (serverMicros === null ? [] : [serverMicros]));
  return known.length === 0 ? "unknown" : whole(spreadOf(known).median);
}

function shareOf(rounds: readonly Round[]): string {
  const known = rounds.flatMap(({ serverShare }) => (serverShare === null ? [] : [serverShare]));
  return known.length === 0 ? "unknown" : percent(spreadOf(known).median);
}

function share(ratio: number): string {
  return ratio.toFixed(2);
}

function rounded(ratio: number): number {
  return Math.round(ratio * 1_000) / 1_000;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function whole(number: number): string {
  return Math.round(number).toLocaleString("en");
}
