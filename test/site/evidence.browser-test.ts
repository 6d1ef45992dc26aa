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
const technique = "user-information";

const folders = new AsyncDisposableStack();
let site: URL;

before(async () => {
  const { path } = folders.use(await mkdtempDisposable(join(tmpdir(), "evidence-")));
  site = await writePages(join(path, "site"));
});
after(async () => await folders.disposeAsync());

function isNeeded(path: string): boolean {
  return (
    /^(?:evidence\.html|scripts\/evidence\.js|style\.css|favicon\.svg|data\/site\.js)$/u.test(
      path,
    ) || path.endsWith(`/${technique}.js`)
  );
}

/** The page of evidence in a folder, with the data of one technique. */
async function writePages(folder: string): Promise<URL> {
  const results = (await readPublished()).at(-1);
  assert.ok(results, "results/ holds published results");
  const all = createSiteFiles({
    isLab: false,
    readResults: async () => [{ source: "published", prefix: "", results }],
  });
  const some: SiteFiles = { ...all, paths: async () => (await all.paths()).filter(isNeeded) };
  await writeSite(some, folder);
  return pathToFileURL(`${folder}/`);
}

const openTrials = `[...document.querySelectorAll("details[data-trial][open]")].map((one) => one.dataset.trial)`;
const isDrawn = `document.querySelector("[data-trial]") !== null`;

function address(query: string): string {
  return new URL(`evidence.html?${query}`, site).href;
}

for (const browser of await installedBrowsers()) {
  suite(`the evidence in a folder, in ${browser.id}`, { skip: browser.skip }, () => {
    test("a trial is drawn when it is opened", { timeout }, async () => {
      await using page = await openTestPage(browser);
      await page.open(address(`run=webkit&technique=${technique}&scenario=valid`));
      await page.until(isDrawn);
      assert.deepEqual(await page.evaluate(openTrials), []);
      assert.equal(await page.evaluate(`document.querySelectorAll("figure.seq").length`), 0);
      await page.evaluate(`(document.querySelector("[data-trial] summary").click(), true)`);
      await page.until(`document.querySelectorAll("figure.seq").length === 1`);
      assert.match(await page.evaluate<string>("location.search"), /&trial=valid\.[-a-z]+\.ws$/u);
      assert.deepEqual(page.complaints, []);
    });

    test("an address leads to an attempt", { timeout }, async () => {
      await using page = await openTestPage(browser);
      const trial = "rotation.same-host.ws";
      await page.open(address(`run=firefox&technique=${technique}&trial=${trial}&attempt=2`));
      await page.until(`document.activeElement.id === ${JSON.stringify(`trial-${trial}-2`)}`);
      assert.deepEqual(await page.evaluate(openTrials), [trial]);
      assert.match(await page.evaluate<string>("document.title"), /^User information in Firefox/u);
      assert.deepEqual(page.complaints, []);
    });

    test("data that are missing are named", { timeout }, async () => {
      await using page = await openTestPage(browser);
      await page.open(address("run=firefox&technique=ticket"));
      await page.until(`document.querySelector("main [role=alert]") !== null`);
      assert.match(
        await page.evaluate<string>(`document.querySelector("main [role=alert]").textContent`),
        /data\/evidence\/firefox\/ticket\.js/u,
      );
    });
  });
}
