import type { Results } from "../model/results.ts";
import type { Sighted } from "../server/canaries.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { writeResults } from "./report/json.ts";
import type { Report } from "./report/report.ts";
import { describeFailure, writeWhole } from "./results-files.ts";

/** Finds a token that the lab has handed out in a text. */
export interface TokenFinder {
  findIn(text: string): Sighted | null;
}

/** A report and the path that it goes to. */
export interface ReportFile {
  readonly report: Pick<Report, "flag" | "render">;
  readonly path: string;
}

/** Says which token a text of ours holds, and how it is written; null: none, so that the text may leave the process. */
export function ownLeak(name: string, text: string, tokens: TokenFinder): string | null {
  const found = tokens.findIn(text);
  return found === null
    ? null
    : `a token got into our own report: ${name} holds the token ${found.serial} (${found.encoding}), and is not written`;
}

/** What kept reports from being written, a sentence each; none: all is well. */
export interface Unwritten {
  /** A token was found. */
  readonly leaks: readonly string[];
  /** A report could not be drawn, or its file not be written. */
  readonly failures: readonly string[];
}

/**
 * Writes reports, and tells each path. Nothing that holds a token is written: neither a report, nor any
 * report of results that hold one. What is wrong with one report takes nothing from the others.
 */
export async function writeReports(
  results: Results,
  catalogue: Catalogue,
  files: readonly ReportFile[],
  tokens: TokenFinder,
  onWritten: (path: string) => void,
): Promise<Unwritten> {
  // Other reports cut, wrap and compress what they show, so that a token might go unnoticed in them.
  const inResults = ownLeak("results", writeResults(results), tokens);
  if (inResults !== null) return { leaks: [inResults], failures: [] };
  const leaks: string[] = [];
  const failures: string[] = [];
  for (const { report, path } of files) {
    try {
      const text = await report.render(results, catalogue);
      const leak = ownLeak(report.flag, text, tokens);
      if (leak === null) {
        await writeWhole(path, text);
        onWritten(path);
      } else leaks.push(leak);
    } catch (error) {
      const failure = `${path} cannot be written: ${describeFailure(error)}`;
      failures.push(ownLeak(`why ${report.flag} failed`, failure, tokens) ?? failure);
    }
  }
  return { leaks, failures };
}
