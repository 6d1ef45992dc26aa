import { ConfigError } from "../server/config.ts";
import type { BrowserTarget } from "./browsers/browser.ts";
import { browserFinders, findChoice, parseBrowser, requiredBrowsers } from "./browsers/index.ts";
import { ensureBrowsers } from "./browsers/install.ts";
import { nameOperatingSystem } from "./browsers/operating-system.ts";
import type { UnstartedBrowser } from "./run-browser.ts";

/** A browser that is to be run: where it is, or why it is not here. */
export interface Candidate {
  readonly identity: UnstartedBrowser;
  readonly found:
    | { readonly state: "here"; readonly target: BrowserTarget }
    | { readonly state: "absent"; readonly reason: string };
}

/**
 * Finds the browsers that `specs` name, or all that this platform should have, and installs what
 * is missing if it can. Rejects with a ConfigError when a spec makes no sense.
 */
export async function findCandidates(
  specs: readonly string[],
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const wanted = specs.length > 0 ? specs : requiredBrowsers();
  const choices = await asConfig(() => wanted.map((spec) => parseBrowser(spec)));
  const installable = choices.flatMap((choice) =>
    choice.kind === "installed" ? [choice.finder.id] : [],
  );
  const ensured = await ensureBrowsers(installable, log, { signal });
  return await Promise.all(
    choices.map(async (choice): Promise<Candidate> => {
      const id = choice.kind === "remote" ? choice.id : choice.finder.id;
      const identity = identify(id);
      if (choice.kind === "installed") {
        const one = ensured.find((browser) => browser.id === id);
        if (one?.state === "ready")
          return { identity, found: { state: "here", target: one.target } };
        const reason = one === undefined ? "it was not looked for" : `${one.reason}; ${one.advice}`;
        return { identity, found: { state: "absent", reason } };
      }
      const target = await asConfig(() => findChoice(choice));
      if (target !== null) return { identity, found: { state: "here", target } };
      return { identity, found: { state: "absent", reason: "it was not found" } };
    }),
  );
}

function identify(id: string): UnstartedBrowser {
  const finder = browserFinders.find((candidate) => candidate.id === id);
  const { title: name, engine } = finder ?? { title: id, engine: "unknown" };
  return { id, name, engine, os: finder === undefined ? "unknown" : nameOperatingSystem() };
}

/** What cannot be read of a spec is the user's to mend. */
async function asConfig<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
