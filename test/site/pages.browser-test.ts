import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createLaboratory } from "../../site/laboratory.ts";
import type { Lab } from "../../server/lab.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { labPages } from "./lab-pages.ts";
import { openTestPage } from "./test-page.ts";

const timeout = 120_000;
const browsers = await installedBrowsers();
const harness = { version: "test", revision: null, dirty: null };
const laboratory = createLaboratory(techniques, techniquesDirectory, harness);

/** What pages are judged by, wherever they are opened. */
const survey = `(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent.trim());
  return {
    title: document.title,
    headings: texts("h1"),
    mains: document.querySelectorAll("main").length,
    language: document.documentElement.lang,
    hosts: [...new Set(performance.getEntriesByType("resource").map(({ name }) => new URL(name).hostname))],
    broken: texts("main .alert[role=alert]"),
    empty: texts(".cmp-matrix td").filter((text) => text === "").length,
  };
})()`;

interface Survey {
  readonly title: string;
  readonly headings: readonly string[];
  readonly mains: number;
  readonly language: string;
  readonly hosts: readonly string[];
  readonly broken: readonly string[];
  readonly empty: number;
}

/** What techniques try is theirs to answer for, and browsers complain of what is refused. */
const ofAttempts =
  /WebSocket connection to|status of 401|establish a connection to the server|was interrupted while the page was loading|\?attempt=|URLs contain embedded credentials/u;
/** What was still under way when the next page was opened. */
const leftBehind = /^failed: .*\/(?:favicon\.svg|api\/visits\/events)$/u;

suite("every page of the lab", () => {
  let lab: Lab;
  before(async () => {
    lab = await startBrowserLab({ certificates: null }, { laboratory });
  });
  after(async () => await lab[Symbol.asyncDispose]());

  for (const browser of browsers) {
    test(
      `is drawn, whole and quiet, in ${browser.id}`,
      { skip: browser.skip, timeout },
      async (context) => {
        await using page = await openTestPage(browser);
        const titles = new Set<string>();
        for (const { name, path, isDrawn } of labPages) {
          await context.test(name, async () => {
            await page.open(new URL(path, lab.url).href);
            await page.until(isDrawn);
            const { title, headings, mains, language, hosts, broken, empty } =
              await page.evaluate<Survey>(survey);
            assert.equal(headings.length, 1, headings.join(" | "));
            assert.notEqual(headings[0], "");
            assert.equal(mains, 1);
            assert.equal(language, "en");
            assert.match(title, /\S/u);
            titles.add(title);
            assert.deepEqual(broken, []);
            assert.equal(empty, 0, "every cell of the matrix has words");
            assert.deepEqual(
              hosts.filter((host) => host !== lab.url.hostname),
              [],
              "nothing comes from elsewhere",
            );
          });
        }
        assert.equal(titles.size, labPages.length, "no two pages have the same title");
        const elsewhere = page.requests.filter((url) => {
          const { protocol, hostname } = new URL(url);
          return protocol !== "data:" && hostname !== lab.url.hostname;
        });
        assert.deepEqual(elsewhere, []);
        assert.deepEqual(
          page.complaints.filter(
            (complaint) => !ofAttempts.test(complaint) && !leftBehind.test(complaint),
          ),
          [],
        );
      },
    );
  }
});
