import type { Results } from "../../model/results.ts";
import type { Report } from "./report.ts";
import { describeIssue, resultsSchema } from "./results-schema.ts";
import { visible } from "./visible.ts";

/** The results, whole: the format that every other report can be drawn from again. */
export const json: Report<string> = {
  flag: "json",
  extension: "json",
  description: "the results, whole, for programs",
  render: writeResults,
};

/**
 * Serialises results, a line for each run's head, trial and observation: half as large as with
 * indentation, and a difference of two files still shows trials. The same results give the same bytes.
 */
export function writeResults({ schema, runs, trust }: Results): string {
  const runTexts = runs.map(({ trials, ...head }) => {
    const text = JSON.stringify(head);
    return `${text.slice(0, -1)},"trials":${list(trials.map((trial) => JSON.stringify(trial)))}}`;
  });
  const trustTexts = trust.map((observation) => JSON.stringify(observation));
  return `{"schema":${JSON.stringify(schema)},"runs":${list(runTexts)},"trust":${list(trustTexts)}}\n`;
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? "[]" : `[\n${texts.join(",\n")}\n]`;
}

/**
 * Reads a results file. Verdicts in it are not trusted but computed anew.
 * Throws a sentence that names the path of what is wrong.
 */
export function parseResults(text: string): Results {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the results are not JSON: ${visible(String(cause))}`, { cause });
  }
  const parsed = resultsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.slice(0, 3).map(describeIssue);
  const more = parsed.error.issues.length - sentences.length;
  const rest = more > 0 ? `; and ${more} more` : "";
  throw new Error(`${sentences.join("; ")}${rest}`, { cause: parsed.error });
}
