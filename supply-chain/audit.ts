import { z } from "zod";
import { askNpm } from "./npm.ts";

/** A known weakness of a package. */
export interface Advisory {
  /** "GHSA-xxxx-xxxx-xxxx". */
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly title: string;
}

/** Why an advisory is no danger here. */
export interface ExplainedAdvisory extends Pick<Advisory, "id"> {
  readonly why: string;
}

/** Advisories that somebody has looked into. One that is mended is taken out again. */
export const explainedAdvisories: readonly ExplainedAdvisory[] = [];

/** What npm's registry knows of the lock file's packages, or why it could not be asked. */
export type Audit =
  | { readonly state: "asked"; readonly advisories: readonly Advisory[] }
  | { readonly state: "unasked"; readonly reason: string };

const advisory = z.object({
  name: z.string(),
  title: z.string(),
  url: z.string(),
  severity: z.string(),
});

const answer = z.object({
  vulnerabilities: z.record(
    z.string(),
    // What is a string is a package that has the weakness from another one.
    z.object({ via: z.array(z.union([z.string(), advisory])) }),
  ),
});

const failure = z.object({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  error: z.object({ code: z.string().nullish() }).optional(),
});

/** Asks npm about everything in a project's lock file: https://docs.npmjs.com/cli/v11/commands/npm-audit */
export async function audit(project: URL): Promise<Audit> {
  const { stdout } = await askNpm(project, [
    "audit",
    "--json",
    "--package-lock-only",
    "--fetch-retries=1",
    "--fetch-timeout=30000",
  ]);
  return parseAudit(stdout);
}

/** Reads what `npm audit --json` printed. */
export function parseAudit(stdout: string): Audit {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return { state: "unasked", reason: "npm audit did not answer in JSON" };
  }
  const read = answer.safeParse(value);
  if (read.success) {
    const all = Object.values(read.data.vulnerabilities)
      .flatMap(({ via }) => via)
      .filter((one) => typeof one !== "string")
      .map(({ url, ...one }): Advisory => ({ ...one, id: url.split("/").at(-1) ?? url }));
    const distinct = new Map(all.map((one) => [`${one.id} ${one.name}`, one]));
    return { state: "asked", advisories: [...distinct.values()] };
  }
  // What npm says of it names the registry, which may be somebody's own.
  const { statusCode, code, error } = failure.safeParse(value).data ?? {};
  const what =
    statusCode === undefined ? (code ?? error?.code ?? "a failure") : `status ${statusCode}`;
  return { state: "unasked", reason: `the registry could not be asked: ${what}` };
}

/** Advisories that nobody has explained. */
export function unexplained(
  advisories: readonly Advisory[],
  explained: readonly ExplainedAdvisory[] = explainedAdvisories,
): readonly Advisory[] {
  return advisories.filter(({ id }) => !explained.some((one) => one.id === id));
}
