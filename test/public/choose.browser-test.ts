import assert from "node:assert/strict";
import { suite, test } from "node:test";
import puppeteer, { type Page } from "puppeteer";
import { renderChoicePage } from "../../experiments/chooser/choice-page.ts";
import { chooserCss } from "../../experiments/chooser/chooser-css.ts";
import { createLaboratory } from "../../experiments/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { snippetsOf } from "../../experiments/chooser/snippets.ts";
import { startTestLab } from "../start-lab.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { cell, facts, leak, tableOf } from "../experiments/chooser/sample-table.ts";

const timeout = 120_000;
const harness = { version: "test", revision: null, dirty: null };
const table = tableOf({
  "first-message": facts({
    cells: [cell("hijacking", "fine"), cell("leaks", "fine")],
    leaks: [leak("access log", "clean")],
  }),
  "query-parameter": facts({
    cells: [cell("hijacking", "fine"), cell("leaks", "danger")],
    leaks: [leak("access log", "found")],
  }),
});
const laboratory = {
  ...createLaboratory(techniques, techniquesDirectory, harness),
  choicePage: async (query: URLSearchParams): Promise<string> =>
    await renderChoicePage(query, table, snippetsOf(techniques, techniquesDirectory), {
      styleHref: "/choose/style.css",
    }),
  choiceStyle: chooserCss,
};

const browsers = await installedBrowsers();

suite("choosing on the page", () => {
  for (const installed of browsers) {
    const { id, skip } = installed;
    if (id !== "chrome" && id !== "firefox") continue;
    test(
      `works by keyboard alone, and every answer has an address: ${id}`,
      { skip, timeout },
      async () => {
        await using lab = await startTestLab(
          { certificates: null },
          { techniques: [], laboratory },
        );
        await using browser = await puppeteer.launch({
          browser: id,
          executablePath: installed.target().location,
          args: id === "chrome" ? ["--no-sandbox"] : [],
        });
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        await page.goto(new URL("/choose", lab.url).href);
        assert.deepEqual(await ranks(page), ["1 first-message", "2 query-parameter"]);
        await tabTo(page, "demand", "quiet-log");
        await page.keyboard.press(" ");
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        const { search, hash } = new URL(page.url());
        assert.equal(search, "?placement=same-origin&demand=quiet-log&scheme=wss&library=any");
        assert.equal(hash, "#answer");
        assert.deepEqual(await ranks(page), ["1 first-message"]);
        await page.setViewport({ width: 320, height: 640 });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, "nothing is wider than a small screen");
        assert.deepEqual(complaints, [], "the policy had nothing to refuse");
      },
    );
  }
});

async function ranks(page: Page): Promise<string[]> {
  return await page.$$eval(".choice h3", (headings) =>
    headings.map((heading) => {
      const id = heading.querySelector("a")?.pathname.split("/").at(-1) ?? "";
      return `${heading.querySelector(".rank")?.textContent ?? ""} ${id}`;
    }),
  );
}

/** Presses Tab until a box of the form has the focus. */
async function tabTo(page: Page, name: string, value: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement instanceof HTMLInputElement
        ? `${activeElement.name}=${activeElement.value}`
        : "";
    });
    if (focused === `${name}=${value}`) return;
  }
  assert.fail(`Tab never came to ${name}=${value}`);
}
