import { Command } from "commander";

import { requiredBrowsers } from "./index.ts";
import { ensureBrowsers, ensureTools, type EnsuredBrowser, type EnsuredTool } from "./install.ts";
import { untouched } from "./profile.ts";
import { requiredTools } from "./tools.ts";

const launchTimeoutMs = 60_000;

const program = new Command("npm run browsers --")
  .description(
    "Finds the browsers and the tools (certutil, nginx) that the experiments need, installs what is missing, and starts each browser once.\n" +
      "CHROME_BIN, FIREFOX_BIN and WEBKIT_BIN (its MiniBrowser) name binaries to be used instead.\n" +
      "Exits with 0 when all are there, 3 when something is not, 2 when used wrongly, 130 when interrupted.",
  )
  .option("--if-possible", "exit with 0 although something is missing, unless CI is set")
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const { ifPossible = false } = program.opts<{ ifPossible?: boolean }>();
const isCi = (process.env["CI"] ?? "") !== "";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    // Ends the installation. What browsers leave is removed when the process exits; see home.ts.
    interruption.abort();
    process.exit(130);
  });
}

const log = (line: string): void => console.log(line);
const options = { signal: interruption.signal };
let isComplete = true;
for (const browser of await ensureBrowsers(requiredBrowsers(), log, options)) {
  report(browser.id, await describeBrowser(browser));
}
for (const tool of await ensureTools(requiredTools(), log, options)) {
  report(tool.id, describeTool(tool));
}
if (!isComplete && (isCi || !ifPossible)) process.exitCode = 3;

/** What is said of a browser or a tool. */
interface Description {
  readonly text: string;
  readonly isProblem: boolean;
}

function report(id: string, { text, isProblem }: Description): void {
  console.log(`${id.padEnd(8)} ${text}`);
  if (isProblem) isComplete = false;
}

function describeTool(tool: EnsuredTool): Description {
  if (tool.state === "missing") return describeMissing(tool);
  return { text: `${tool.product}, ${tool.path}`, isProblem: false };
}

function describeMissing({ reason, advice }: { reason: string; advice: string }): Description {
  return { text: `missing: ${reason}. To fix it: ${advice}`, isProblem: true };
}

/** Starting it is the only test that tells, and the only way to learn WebKitGTK's version. */
async function describeBrowser(browser: EnsuredBrowser): Promise<Description> {
  if (browser.state === "missing") return describeMissing(browser);
  try {
    await using session = await browser.target.launch({
      ...untouched,
      headless: true,
      timeoutMs: launchTimeoutMs,
      loopbackDomains: [],
    });
    const { name, version } = session.identity;
    return { text: `${name} ${version ?? "?"}, ${browser.target.location}`, isProblem: false };
  } catch (cause) {
    return { text: cause instanceof Error ? cause.message : String(cause), isProblem: true };
  }
}
