import type { Findings, Goal, Table } from "../benchmark.ts";
import { medianOf } from "../spread.ts";
import type { BrowserVisits, LabStart, Measured, PagePaint, Visit } from "./measured.ts";

const goalMs = 1_000;

/** What was measured, in words and tables. Rejects no figure: what is slow is a finding too. */
export function findingsOf(measured: Measured): Findings {
  const { npm, browsers } = measured;
  const absent = browsers.flatMap((one) =>
    "absent" in one ? [`${one.name}: ${one.absent}.`] : [],
  );
  return {
    goals: goalsOf(measured),
    tables: [
      startsTable(measured),
      memoryTable(measured),
      filesTable(measured),
      visitsTable(browsers),
    ].filter(({ rows }) => rows.length > 0),
    plots: [
      {
        id: "ready",
        title: "From asking for the process until it is ready",
        kind: "bars",
        labels: startsOf(measured).map(({ name }) => name),
        series: [
          { name: "median", values: startsOf(measured).map(({ readyMs }) => medianOf(readyMs)) },
        ],
        unit: "ms",
      },
    ],
    notes: [
      `Medians of ${measured.nodeMs.length} rounds; in each of them every kind of start was made once, one after the other.`,
      "A first start is that of a copy of this checkout in which nothing was started before: nothing is compiled, no page is drawn, and there is no certificate authority yet.",
      ...("absent" in npm ? [`npm start is not in the tables: ${npm.absent}.`] : []),
      "Browsers were started before the lab, and went to the page as soon as it was ready, through a proxy that counts bytes and adds the script that tells when the page is painted.",
      ...absent,
    ],
  };
}

interface StartRow {
  readonly name: string;
  readonly readyMs: readonly number[];
  readonly starts: readonly LabStart[];
}

function labRow(name: string, starts: readonly LabStart[]): StartRow {
  return { name, readyMs: starts.map(({ readyMs }) => readyMs), starts };
}

function startsOf({ nodeMs, typeScriptMs, first, later, npm }: Measured): readonly StartRow[] {
  return [
    { name: "node -e 0", readyMs: nodeMs, starts: [] },
    { name: "node empty.ts", readyMs: typeScriptMs, starts: [] },
    labRow("node server/main.ts", later),
    labRow("node server/main.ts, the first time", first),
    ...("absent" in npm ? [] : [labRow("npm start", npm)]),
  ];
}

function goalsOf(measured: Measured): Goal[] {
  const { nodeMs, typeScriptMs, first, later, npm } = measured;
  const node = medianOf(nodeMs);
  const goal = (claim: string, starts: readonly LabStart[], why: string | null): Goal => {
    const ready = readyOf(starts);
    const isMet = ready - node < goalMs;
    const seconds = ((ready - node) / 1_000).toFixed(2);
    return {
      claim,
      measured: `${seconds} s beyond it (${ms(ready)} ms against ${ms(node)} ms)`,
      isMet,
      why: isMet ? null : why,
    };
  };
  const usual = readyOf(later);
  const goals = [
    goal(
      "`node server/main.ts` is ready within a second of Node's own start",
      later,
      part(medianOf(typeScriptMs) - node, "is what Node takes for any first TypeScript file"),
    ),
    goal(
      "So it is the first time in a checkout",
      first,
      part(readyOf(first) - usual, "is what later starts save: stripping types, and compiling"),
    ),
  ];
  if ("absent" in npm) return goals;
  const overhead = part(readyOf(npm) - usual, "is npm's own");
  return [
    ...goals,
    goal("`npm start` is ready within a second of Node's own start", npm, overhead),
  ];
}

/** Null when it cannot be told from chance. */
function part(spentMs: number, sentence: string): string | null {
  return spentMs > 0 ? `${ms(spentMs)} ms of it ${sentence}` : null;
}

function readyOf(starts: readonly LabStart[]): number {
  return medianOf(starts.map(({ readyMs }) => readyMs));
}

function startsTable(measured: Measured): Table {
  const node = medianOf(measured.nodeMs);
  return {
    title: "Starts",
    headings: [
      "",
      "ready (ms)",
      "beyond Node (ms)",
      "of all rounds (ms)",
      "then its page's document (ms)",
      "then all of its first page (ms)",
    ],
    rows: startsOf(measured).map(({ name, readyMs, starts }) => [
      name,
      ms(medianOf(readyMs)),
      ms(medianOf(readyMs) - node),
      `${ms(Math.min(...readyMs))} to ${ms(Math.max(...readyMs))}`,
      starts.length === 0 ? "" : ms(medianOf(starts.map(({ documentMs }) => documentMs))),
      starts.length === 0 ? "" : ms(medianOf(starts.map(({ pageMs }) => pageMs))),
    ]),
  };
}

function memoryTable({ first, later, idleBytes }: Measured): Table {
  const rows = [
    ["a Node that does nothing", mebibytes([idleBytes]), ""],
    ...[
      { name: "the lab", starts: later },
      { name: "the lab, the first time in a checkout", starts: first },
    ].map(({ name, starts }) => [
      name,
      mebibytes(starts.map(({ readyBytes }) => readyBytes)),
      mebibytes(starts.map(({ servedBytes }) => servedBytes)),
    ]),
  ];
  return {
    title: "Memory that the operating system counts of the process",
    headings: ["", "when it is ready (MiB)", "with its first page served (MiB)"],
    rows: rows.filter((row) => row[1] !== "unknown"),
  };
}

function filesTable({ files }: Measured): Table {
  const sum = (of: (file: Measured["files"][number]) => number): number =>
    files.reduce((total, file) => total + of(file), 0);
  return {
    title: "The first page as the lab sends it",
    headings: ["file", "sent (kB)", "compressed by", "under gzip it would be (kB)"],
    rows: [
      ...files.map(({ path, sentBytes, encoding, gzippedBytes }) => [
        `\`${path}\``,
        kilobytes(sentBytes),
        encoding === "none" ? "nothing" : encoding,
        kilobytes(gzippedBytes),
      ]),
      [
        "all",
        kilobytes(sum(({ sentBytes }) => sentBytes)),
        "",
        kilobytes(sum(({ gzippedBytes }) => gzippedBytes)),
      ],
    ],
  };
}

function visitsTable(browsers: readonly BrowserVisits[]): Table {
  return {
    title: "The first page in browsers",
    headings: [
      "browser",
      "visit",
      "first byte (ms)",
      "first paint (ms)",
      "loaded (ms)",
      "sent (kB)",
    ],
    rows: browsers.flatMap((browser) =>
      "absent" in browser
        ? []
        : [
            [browser.name, "the first", ...visitCells(browser.first)],
            [browser.name, "once more", ...visitCells(browser.again)],
          ],
    ),
  };
}

function visitCells(visits: readonly Visit[]): string[] {
  const sent = kilobytes(medianOf(visits.map(({ sentBytes }) => sentBytes)));
  const paints: PagePaint[] = [];
  for (const { paint } of visits) {
    if ("unknown" in paint) return [paint.unknown, "", "", sent];
    paints.push(paint);
  }
  const firstBytes = paints.flatMap(({ firstByteMs }) => firstByteMs ?? []);
  return [
    firstBytes.length < paints.length ? "unknown" : ms(medianOf(firstBytes)),
    ms(medianOf(paints.map(({ firstPaintMs }) => firstPaintMs))),
    ms(medianOf(paints.map(({ loadMs }) => loadMs))),
    sent,
  ];
}

function ms(value: number): string {
  return String(Math.round(value));
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

/** "unknown" where one of them is. */
function mebibytes(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return "unknown";
  return String(Math.round(medianOf(known) / 2 ** 20));
}
