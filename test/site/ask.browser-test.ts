import assert from "node:assert/strict";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { readPublished } from "../../experiments/results-files.ts";
import { createSiteFiles, type SiteFiles } from "../../site/site-files.ts";
import { writeSite } from "../../site/write-site.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { openTestPage } from "./test-page.ts";

const timeout = 120_000;

const folders = new AsyncDisposableStack();
let site: URL;

before(async () => {
  const { path } = folders.use(await mkdtempDisposable(join(tmpdir(), "ask-")));
  site = await writePages(path);
});
after(async () => await folders.disposeAsync());

/** The pages that are asked, in a folder, without the evidence. */
async function writePages(directory: string): Promise<URL> {
  const results = (await readPublished()).at(-1);
  assert.ok(results, "results/ holds published results");
  const all = createSiteFiles({
    isLab: false,
    readResults: async () => [{ source: "published", prefix: "", results }],
  });
  const some: SiteFiles = {
    ...all,
    paths: async () =>
      (await all.paths()).filter((path) => !/^(?:data\/evidence|techniques)\//u.test(path)),
  };
  const folder = join(directory, "site");
  await writeSite(some, folder);
  return pathToFileURL(`${folder}/`);
}

const ranking = `[...document.querySelectorAll(".choice h3 a")].map((link) => link.textContent)`;
const shown = `[...document.querySelectorAll(".ask-item")].filter((one) => !one.hidden).map((one) => one.id)`;

for (const browser of await installedBrowsers()) {
  suite(`asking a site in a folder, in ${browser.id}`, { skip: browser.skip }, () => {
    test("questions are found by words, at an address of their own", { timeout }, async () => {
      await using page = await openTestPage(browser);
      await page.open(new URL("answers.html", site).href);
      await page.until(`document.querySelector("[data-found]").textContent === "All 12 questions"`);
      await page.evaluate(`(() => {
        const field = document.querySelector("#find");
        field.value = "self-signed";
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
      })()`);
      assert.deepEqual(await page.evaluate(shown), ["q6"]);
      const address = await page.evaluate<string>("location.href");
      assert.match(address, /\?find=self-signed$/);
      await page.open(address);
      await page.until(
        `document.querySelector("[data-found]").textContent === "1 of 12 questions"`,
      );
      assert.deepEqual(await page.evaluate(shown), ["q6"]);
      assert.deepEqual(page.complaints, []);
    });

    test("the form is answered in place, at an address of its own", { timeout }, async () => {
      await using page = await openTestPage(browser);
      await page.open(new URL("choose.html", site).href);
      await page.until(`document.querySelector("[data-code]") !== null`);
      const unasked = await page.evaluate<string[]>(ranking);
      await page.evaluate(
        `(document.querySelector("[name=demand][value=quiet-log]").click(), true)`,
      );
      await page.until(`document.querySelector("[data-status]").textContent !== ""`);
      const asked = await page.evaluate<string[]>(ranking);
      assert.ok(asked.length < unasked.length, "some write tokens into the log");
      const address = await page.evaluate<string>("location.href");
      assert.equal(
        new URL(address).search,
        "?placement=same-origin&demand=quiet-log&scheme=wss&library=any",
      );
      await page.evaluate(`document.querySelector("[data-code]").open = true`);
      await page.until(`document.querySelector("[data-code] .source-file") !== null`);
      await page.evaluate(`document.querySelectorAll("[data-code]")[1].open = true`);
      await page.until(`document.querySelectorAll("[data-code]")[1].querySelector(".source-file")`);
      const open = `[...document.querySelectorAll("[data-code]")].filter((box) => box.querySelector(".source-file")).length`;
      assert.equal(await page.evaluate(open), 1, "the code of one at a time");
      await page.evaluate(`(document.querySelector(".choose-form button").click(), true)`);
      await page.until(`document.activeElement.id === "answer"`);
      assert.match(await page.evaluate("location.hash"), /^#answer$/);
      await page.open(new URL("answers.html", site).href);
      await page.open(address);
      await page.until(`document.querySelector("[data-code]") !== null`);
      assert.deepEqual(await page.evaluate(ranking), asked);
      assert.deepEqual(page.complaints, []);
    });
  });
}
