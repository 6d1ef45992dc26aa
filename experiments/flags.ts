import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import type { ProfileName } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { Technique } from "../techniques/technique.ts";
import { placements, profiles, schemes } from "./axes.ts";
import type { Report } from "./report/report.ts";
import { localDirectory } from "./results-files.ts";
import { scenarios } from "./scenarios/index.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** What `npm run experiments` was asked to do. */
export interface Flags {
  /** As typed; empty: the browsers that this platform should have. */
  readonly browsers: readonly string[];
  readonly techniques: readonly Technique[];
  readonly scenarios: readonly Scenario[];
  /** What is tried with a profile: those that were chosen; else, with another than the default, what shows its difference. */
  readonly scenariosWith: (profile: ProfileName) => readonly Scenario[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  /** Whether placements were among what was asked for. */
  readonly choosesPlacements: boolean;
  readonly profiles: readonly ProfileName[];
  /** Whether the experiments with certificates are made. */
  readonly certificates: boolean;
  /** The reverse proxy between browsers and servers; null: none. */
  readonly through: "nginx" | null;
  readonly repeat: number;
  readonly headful: boolean;
  /** Whether the terminal shows placements and schemes one by one. */
  readonly axes: boolean;
  /** The path of the file to write each report to, by the report's flag. */
  readonly files: ReadonlyMap<string, string>;
  /** The path of the folder for the journal, and for the reports that have no file named. */
  readonly folder: string;
  /** The run to go on with: the path of its journal, or the newest in the folder; null: a run of its own. */
  readonly resume: { readonly journal: string | null } | null;
}

/** The proof that a technique works takes a bad token and a rotation, which begins with a good one: enough to compare profiles by. */
const proof = ["missing", "rotation"];

/** The ids of the scenarios that are tried with a profile; null: all. */
const profileScenarios: Readonly<Record<ProfileName, readonly string[] | null>> = {
  default: null,
  // What an attacker gets where cookies of other sites are sent along.
  "third-party-allowed": [...proof, "hijack-cross-site"],
  "third-party-blocked": proof,
  private: proof,
  "reconnect-backoff": ["backoff"],
};

/** Reads the command line. Throws commander's CommanderError after it printed what is wrong, or the help. */
export function parseFlags(
  argv: readonly string[],
  techniques: readonly Technique[],
  reports: readonly Pick<Report, "flag" | "description">[],
): Flags {
  const techniqueIds = techniques.map(({ id }) => id);
  const scenarioIds = scenarios.map(({ id }) => id);
  const program = new Command("npm run experiments --")
    .description(
      "Measures which ways of authenticating a WebSocket work, in real browsers.\n" +
        "Without a selection: every trial in every required browser, those that prove a technique\n" +
        "with its other profiles too, and the experiments with certificates. With --technique,\n" +
        "--scenario, --placement, --scheme or --through: these trials with the default profile.",
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
    .addOption(
      choice("--profile <list>", "only with these set-ups of the browser", "profile", profiles),
    )
    .option("--certificates", "make the experiments with certificates as well")
    .addOption(
      choice("--through <proxy>", "put a reverse proxy before the servers", "proxy", ["nginx"]),
    )
    .option("--repeat <n>", "make every trial n times", repeatCount, 1)
    .option("--headful", "show the browsers' windows", false)
    .option("--axes", "show every placement and scheme of the matrix in the terminal", false);
  for (const { flag, description } of reports) {
    program.option(`--${flag} <file>`, `write ${description}, to this file`, asPath);
  }
  program
    .option("--folder <path>", "for the journal, and for reports that have no file named", asPath)
    .option(
      "--resume [journal]",
      "go on with a run that was cut off: this one, or the newest",
      asPath,
    );
  program
    .addHelpText(
      "after",
      "\nWithout a report flag, results are written to results/local/. Until they are, a journal there\n" +
        "keeps what was measured: --resume measures what is missing, and writes them whole.\n" +
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
    profile?: ProfileName[];
    certificates?: true;
    through?: string[];
    repeat: number;
    headful: boolean;
    axes: boolean;
    folder?: string;
    resume?: string | true;
  }>();
  const { folder, resume } = options;
  const selecting = program.options.find((option) => {
    const name = option.attributeName();
    return selectingFlags.includes(name) && program.getOptionValueSource(name) === "cli";
  });
  if (resume !== undefined && selecting !== undefined) {
    program.error(
      `error: --resume goes on with what was asked for when the run began: leave ${selecting.long} away, or measure anew, without --resume`,
    );
  }
  const { technique, scenario, placement, scheme, through } = options;
  if (through !== undefined && options.certificates === true) {
    program.error(
      "error: --certificates asks about the lab's own certificates, which no browser sees --through a proxy: make two runs",
    );
  }
  const isNarrow = [technique, scenario, placement, scheme, through].some(
    (selected) => selected !== undefined,
  );
  const files: Record<string, unknown> = program.opts();
  return {
    browsers: options.browser ?? [],
    techniques: techniques.filter(({ id }) => technique?.includes(id) ?? true),
    scenarios: scenarios.filter(({ id }) => scenario?.includes(id) ?? true),
    scenariosWith(profile) {
      const chosen = scenario ?? profileScenarios[profile];
      return scenarios.filter(({ id }) => chosen?.includes(id) ?? true);
    },
    placements: among(placements, placement),
    schemes: among(schemes, scheme),
    choosesPlacements: placement !== undefined,
    profiles: among(profiles, options.profile ?? (isNarrow ? ["default"] : profiles)),
    certificates: options.certificates ?? (!isNarrow && options.profile === undefined),
    through: through === undefined ? null : "nginx",
    repeat: options.repeat,
    headful: options.headful,
    axes: options.axes,
    files: new Map(
      reports.flatMap(({ flag }) => {
        const file = files[flag];
        return typeof file === "string" ? [[flag, file]] : [];
      }),
    ),
    folder: folder ?? fileURLToPath(localDirectory),
    resume: resume === undefined ? null : { journal: resume === true ? null : resume },
  };
}

/** What changes what is measured: for a run that goes on, it stays what it was. */
const selectingFlags = [
  "browser",
  "technique",
  "scenario",
  "placement",
  "scheme",
  "profile",
  "certificates",
  "through",
  "repeat",
  "headful",
];

function asPath(text: string): string {
  if (text === "") throw new InvalidArgumentError("It takes the path of a file or a folder.");
  return resolve(text);
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
