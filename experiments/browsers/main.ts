import { Command } from "commander";

import { requiredBrowsers } from "./index.ts";
import { ensureBrowsers, type EnsuredBrowser } from "./install.ts";

const launchTimeoutMs = 60_000;

const program = new Command("npm run browsers --")
  .description(
    "Finds the browsers that the experiments need, installs the missing ones, and starts each once.\n" +
      "CHROME_BIN, FIREFOX_BIN and WEBKIT_BIN (its MiniBrowser) name binaries to be used instead.\n" +
      "Exits with 0 when all are there, 3 when one is not, 2 when used wrongly, 130 when interrupted.",
  )
  .option("--if-possible", "exit with 0 although a browser is missing, unless CI is set")
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

const ensured = await ensureBrowsers(requiredBrowsers(), (line) => console.log(line), {
  signal: interruption.signal,
});
const problems: string[] = [];
for (const browser of ensured) {
  const { line, isProblem } = await describe(browser);
  console.log(line);
  if (isProblem) problems.push(browser.id);
}
if (problems.length > 0 && (isCi || !ifPossible)) process.exitCode = 3;

/** Starting it is the only test that tells, and the only way to learn WebKitGTK's version. */
async function describe(browser: EnsuredBrowser): Promise<{ line: string; isProblem: boolean }> {
  const id = browser.id.padEnd(8);
  if (browser.state === "missing") {
    return {
      line: `${id} missing: ${browser.reason}. To fix it: ${browser.advice}`,
      isProblem: true,
    };
  }
  try {
    await using session = await browser.target.launch({
      headless: true,
      timeoutMs: launchTimeoutMs,
      acceptInsecureCerts: false,
    });
    const { name, version } = session.identity;
    return {
      line: `${id} ${name} ${version ?? "?"}, ${browser.target.location}`,
      isProblem: false,
    };
  } catch (cause) {
    return {
      line: `${id} ${cause instanceof Error ? cause.message : String(cause)}`,
      isProblem: true,
    };
  }
}
