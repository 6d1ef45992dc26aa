import assert from "node:assert/strict";
import type { BrowserTarget } from "../../experiments/browsers/browser.ts";
import { browserFinders, requiredBrowsers } from "../../experiments/browsers/index.ts";

/** A browser under test: `skip` says why there is none, which on CI is no excuse. */
export interface BrowserUnderTest {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly os: string;
  readonly skip: string | false;
  /** The browser, or a failed assertion. */
  target(): BrowserTarget;
}

/** Every browser that the project knows, found or not. */
export async function installedBrowsers(): Promise<readonly BrowserUnderTest[]> {
  const isCi = (process.env["CI"] ?? "") !== "";
  return await Promise.all(
    browserFinders.map(async (finder): Promise<BrowserUnderTest> => {
      const { id, title, engine } = finder;
      const found = await finder.find();
      const mustBeHere = isCi && requiredBrowsers().includes(id);
      return {
        id,
        name: title,
        engine,
        os: "test",
        skip: found === null && !mustBeHere && `${title} is not installed`,
        target() {
          assert.ok(found, `${title} is not installed, and CI needs it`);
          return found;
        },
      };
    }),
  );
}
