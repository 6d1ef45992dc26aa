import { Command, InvalidArgumentError, Option } from "commander";
import type { Placement, Scheme } from "../model/trial.ts";
import { placements, schemes } from "./plan.ts";
import { reports } from "./report/index.ts";
import { scenarios } from "./scenarios/index.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** What `npm run experiments` was asked to do. */
export interface Flags {
  /** As typed; empty: the browsers that this platform should have. */
  readonly browsers: readonly string[];
  readonly techniques: readonly string[];
  readonly scenarios: readonly Scenario[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  readonly repeat: number;
  readonly headful: boolean;
  /** The file to write each report to, by the report's flag. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads the command line. Throws commander's CommanderError after it printed what is wrong, or the help. */
export function parseFlags(argv: readonly string[], techniqueIds: readonly string[]): Flags {
  const scenarioIds = scenarios.map(({ id }) => id);
  const program = new Command("npm run experiments --")
    .description(
      "Measures which ways of authenticating a WebSocket work, in real browsers. Without flags: every required browser, every trial.",
    )
    .option(
      "--browser <list>",
      "name, name=/path/to/binary or name@URL of a WebDriver or DevTools end, separated by commas",
      listOf("browser"),
    )
    .addOption(choice("--technique <list>", "only these techniques", "technique", techniqueIds))
    .addOption(choice("--scenario <list>", "only these scenarios", "scenario", scenarioIds))
    .addOption(choice("--placement <list>", "only these placements", "placement", placements))
    .addOption(choice("--scheme <list>", "only these schemes", "scheme", schemes))
    .option("--repeat <n>", "make every trial n times", repeatCount, 1)
    .option("--headful", "show the browsers' windows", false);
  for (const { flag, description } of reports) {
    program.option(`--${flag} <file>`, `write ${description}, to this file`);
  }
  program
    .addHelpText(
      "after",
      "\nWithout a report flag, results are written to results/local/.\n" +
        "Exit code: 0 as expected, 1 surprises, 2 wrong usage or the harness failed,\n" +
        "3 no browser could be started, 130 interrupted.",
    )
    .exitOverride()
    .parse(argv, { from: "user" });
  const options = program.opts<{
    browser?: string[];
    technique?: string[];
    scenario?: string[];
    placement?: Placement[];
    scheme?: Scheme[];
    repeat: number;
    headful: boolean;
  }>();
  const files: Record<string, unknown> = program.opts();
  return {
    browsers: options.browser ?? [],
    techniques: among(techniqueIds, options.technique),
    scenarios: scenarios.filter(({ id }) => options.scenario?.includes(id) ?? true),
    placements: among(placements, options.placement),
    schemes: among(schemes, options.scheme),
    repeat: options.repeat,
    headful: options.headful,
    files: new Map(
      reports.flatMap(({ flag }) => {
        const file = files[flag];
        return typeof file === "string" ? [[flag, file]] : [];
      }),
    ),
  };
}

/** The chosen ids in registry order; all of them when none was chosen. */
function among<T extends string>(all: readonly T[], chosen: readonly string[] | undefined): T[] {
  return all.filter((id) => chosen?.includes(id) ?? true);
}

function choice(flags: string, description: string, what: string, ids: readonly string[]): Option {
  return new Option(flags, `${description}: ${ids.join(", ")}`).argParser((text: string) => {
    const chosen = listOf(what)(text);
    const unknown = chosen.find((id) => !ids.includes(id));
    if (unknown === undefined) return chosen;
    throw new InvalidArgumentError(`There is no ${what} "${unknown}"; there is ${ids.join(", ")}.`);
  });
}

function listOf(what: string): (text: string, previous?: readonly string[]) => string[] {
  return (text, previous = []) => {
    const entries = text.split(",").map((entry) => entry.trim());
    if (entries.includes("")) throw new InvalidArgumentError(`A ${what} is missing in "${text}".`);
    return [...previous, ...entries];
  };
}

function repeatCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/u.test(text) || count < 1 || count > 1_000) {
    throw new InvalidArgumentError("It takes a whole number from 1 to 1000.");
  }
  return count;
}
