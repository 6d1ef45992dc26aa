import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import puppeteer, { type Browser } from "puppeteer";
import { createLaboratory } from "../../site/laboratory.ts";
import type { Trial } from "../../model/trial.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers, type BrowserUnderTest } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { tabTo } from "./tab-to.ts";

const timeout = 180_000;
/** Short enough for a failure that says what did not come. */
const patienceMs = 30_000;
const harness = { version: "test", revision: null, dirty: null };
const tried = ["first-message", "user-information", "custom-header"];
const whole = createLaboratory(techniques, techniquesDirectory, harness);
const laboratory = {
  ...whole,
  plan: (): readonly Trial[] =>
    whole
      .plan()
      .filter(
        ({ technique, placement }) => tried.includes(technique) && placement === "same-origin",
      ),
};
const browsers = await installedBrowsers();

/** What fails in each, what the matrix says of it, and the reason that its evidence has to give. */
const failures: Readonly<
  Record<string, { technique: string; word: RegExp; said: RegExp; reason: RegExp }>
> = {
  chrome: {
    technique: "custom-header",
    word: /broken/u,
    said: /a good token was not accepted/u,
    reason: /attempt 1 presented nothing instead of its own token/u,
  },
  firefox: {
    technique: "user-information",
    word: /partly|unsafe/u,
    said: /presented the token of attempt 1 instead of its own/u,
    reason: /attempt 2 presented the token of attempt 1 instead of its own/u,
  },
};

suite("somebody who has never heard of the lab", () => {
  for (const browser of browsers) {
    const failure = failures[browser.id];
    if (failure === undefined) continue;
    test(
      `learns by keys alone why ${failure.technique} fails in ${browser.id}`,
      { skip: browser.skip, timeout },
      async () => {
        await using lab = await startBrowserLab({}, { laboratory });
        await using window = await launch(browser);
        const first = await window.newPage();
        first.setDefaultTimeout(patienceMs);
        await first.goto(lab.url.href);
        await first.waitForSelector("[data-copy]:not([hidden])");
        const over = once(lab.visits, "end");
        await tabTo(first, "[data-measure] button", 200);
        await first.keyboard.press("Enter");
        await over;

        // It comes to its end in the tab that it opened.
        const target = await window.waitForTarget(
          (one) => one !== first.target() && one.url().includes("?run=visit-"),
        );
        const page = await target.page();
        assert.ok(page);
        page.setDefaultTimeout(patienceMs);
        const key = new URL(page.url()).searchParams.get("run") ?? "";
        const cell = `[id="cell.${key}.${failure.technique}"]`;
        await page.waitForFunction(
          `${failure.word}.test(document.querySelector('${cell}')?.textContent)`,
        );
        const why = `document.querySelector('.cmp-summary[data-run="${key}"]')?.textContent`;
        await page.waitForFunction(`${failure.said}.test(${why})`);

        await tabTo(page, `${cell} a`, 200);
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        assert.equal(new URL(page.url()).pathname, "/evidence.html");
        const opened = await page.waitForSelector("[data-trial][open]");
        const said = await opened?.evaluate((one) => one.textContent);
        assert.match(said ?? "", failure.reason);
        assert.match(await page.$eval("main", (one) => one.textContent), /browser\.ts/u);

        await first.bringToFront();
        const own = await first.waitForSelector("th.cmp-chosen .cmp-own");
        assert.equal(await own?.evaluate((one) => one.textContent), "this browser");
        const { searchParams } = new URL(first.url());
        assert.equal(searchParams.get("run"), key, "an address that can be shared");
      },
    );
  }
});

async function launch(installed: BrowserUnderTest): Promise<Browser> {
  const { id } = installed;
  assert.ok(id === "chrome" || id === "firefox", id);
  return await puppeteer.launch({
    browser: id,
    executablePath: installed.target().location,
    args: id === "chrome" ? ["--no-sandbox"] : [],
  });
}
