import assert from "node:assert/strict";
import { suite, test } from "node:test";
import puppeteer, { type Page } from "puppeteer";
import type { Site } from "../../server/site.ts";
import { packChoices } from "../../site/choices.ts";
import { dataScript } from "../../site/data-script.ts";
import { linksFrom } from "../../site/links.ts";
import { renderShell } from "../../site/shell.ts";
import { createSiteFiles } from "../../site/site-files.ts";
import { renderChoose } from "../../site/views/choose.ts";
import { startTestLab } from "../start-lab.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { cell, facts, leak, tableOf } from "../experiments/chooser/sample-table.ts";

const timeout = 120_000;
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
/** A site without results, but for those that techniques are chosen by. */
const files = createSiteFiles({ isLab: true, readResults: async () => [] });
const site: Site = {
  async file(path) {
    if (path === "data/choices.js") {
      return { type: "text/javascript", body: dataScript("choices", packChoices(table)) };
    }
    if (path !== "choose.html") return (await files.file(path)) ?? null;
    const data = {
      techniques: [],
      scenarios: [],
      placements: [],
      schemes: [],
      runs: [],
      answerFacts: [],
    };
    const context = { data, links: linksFrom(""), isLab: true };
    const body = renderChoose(context, new URLSearchParams(), table, "outline");
    const shell = { name: "choose", title: "Choose", root: "", isLab: true, body } as const;
    return { type: "text/html", body: renderShell(shell) };
  },
  [Symbol.asyncDispose]: async () => {},
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
        await using lab = await startTestLab({ certificates: null }, { techniques: [], site });
        await using browser = await puppeteer.launch({
          browser: id,
          executablePath: installed.target().location,
          args: id === "chrome" ? ["--no-sandbox"] : [],
        });
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        await page.goto(new URL("/choose.html", lab.url).href);
        assert.deepEqual(await ranks(page), ["1 first-message", "2 query-parameter"]);
        await tabTo(page, "demand", "quiet-log");
        await page.keyboard.press(" ");
        await page.waitForFunction(() => document.querySelectorAll(".choice").length === 1);
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => document.activeElement?.id === "answer");
        const { search, hash } = new URL(page.url());
        assert.equal(search, "?placement=same-origin&demand=quiet-log&scheme=wss&library=any");
        assert.equal(hash, "#answer");
        assert.deepEqual(await ranks(page), ["1 first-message"]);
        await page.reload();
        await page.waitForFunction(() => document.querySelectorAll(".choice").length === 1);
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
      const id = heading.querySelector("a")?.pathname.split("/").at(-1)?.replace(".html", "") ?? "";
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
