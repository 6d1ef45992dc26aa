import { readFile } from "node:fs/promises";
import type { Results } from "../model/results.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { renderTerminal } from "./report/terminal.ts";
import { describeFailure, writeWhole } from "./results-files.ts";
import { ownLeak, writeReports, type ReportFile, type TokenFinder } from "./write-reports.ts";

/** What is reported, and where to. */
export interface Reporting {
  readonly results: Results;
  readonly catalogue: Catalogue;
  readonly files: readonly ReportFile[];
  readonly tokens: TokenFinder;
  /** Whether the terminal shows placements and schemes one by one. */
  readonly axes: boolean;
  /** What a proxy logged, and where that goes, after what is there already; null: there is none. */
  readonly accessLog: { readonly path: string; readonly text: string } | null;
}

/** What became of reports. */
export interface Reported {
  /** Sentences about what was not written. */
  readonly problems: readonly string[];
  /** Whether the journal has become superfluous: every report is written. */
  readonly isWhole: boolean;
}

/** Writes the reports and prints the overview. What goes wrong with one of them takes nothing from the others. */
export async function reportResults(reporting: Reporting): Promise<Reported> {
  const { results, catalogue, files, tokens, axes, accessLog } = reporting;
  const { columns, isTTY: colour } = process.stdout;
  const written: string[] = [];
  const unwritten = await writeReports(results, catalogue, files, tokens, (path) => {
    written.push(path);
  });
  const fix = "mend that, and --resume writes it without measuring again";
  const problems = [
    ...unwritten.leaks,
    ...unwritten.failures.map((failure) => `${failure}; ${fix}`),
  ];
  if (unwritten.leaks.length === 0) {
    const width = colour ? columns : 80;
    const overview = renderTerminal(results, catalogue, { columns: width, colour, axes });
    const leak = ownLeak("terminal", overview, tokens);
    if (leak === null) console.log(overview);
    else problems.push(leak);
  }
  for (const path of written) console.log(`Written: ${path}`);
  if (accessLog !== null && unwritten.leaks.length === 0) {
    const { path, text } = accessLog;
    try {
      await writeWhole(path, (await textIn(path)) + text, 0o600);
      console.log(`Written: ${path} (what the proxy logged: URLs with their tokens)`);
    } catch (error) {
      problems.push(`${path} cannot be written: ${describeFailure(error)}`);
    }
  }
  return { problems, isWhole: problems.length === 0 };
}

/** What a run that goes on has logged before it was interrupted. */
async function textIn(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return ""; // The usual case: it is new. What cannot be read cannot be written either.
  }
}
