import assert from "node:assert/strict";
import { suite, test } from "node:test";
import puppeteer from "puppeteer";
import { dataScript } from "../../site/data-script.ts";
import { outcomeCodes, type SiteRun } from "../../site/data.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { newestPublished, publishedData } from "./compare-data.ts";

const timeout = 120_000;
const chrome = (await installedBrowsers()).find(({ id }) => id === "chrome");
const harness = { version: "test", revision: null, dirty: null };
const laboratory = createLaboratory(techniques, techniquesDirectory, harness);
const technique = "cookie-cors-none";

/** What tells a page of visits, so that a test decides when a trial ends: `tell("trial", …)`. */
const feed = `
  window.EventSource = class extends EventTarget {
    readyState = 1;
    constructor() {
      super();
      window.tell = (type, data) =>
        this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
    }
    close() {}
  };`;

/** Counts the frames in which a reason that was there is gone. */
const watch = `
  window.flickers = 0;
  let wasThere = false;
  const look = () => {
    const isThere = document.querySelector(".cmp-reason") !== null;
    if (wasThere && !isThere) window.flickers += 1;
    wasThere ||= isThere;
    requestAnimationFrame(look);
  };
  look();`;

suite("a visit that goes on", { skip: chrome?.skip ?? "unknown" }, () => {
  test(
    "has the reason of a failure beside it, asked for once and without a flicker",
    { timeout },
    async () => {
      const data = await publishedData();
      const published = data.runs.find(({ key }) => key === "chrome");
      const made = (await newestPublished()).runs.find(({ id }) => id === published?.id)?.trials;
      assert.ok(published && made);
      const index = data.techniques.findIndex(({ id }) => id === technique);
      const ended = published.trials.filter(
        ([, , , , outcome]) => outcome !== outcomeCodes.indexOf("unsupported"),
      );
      const own = ended.filter(([one]) => one === index);
      const later = ended.filter(([one]) => one !== index).slice(0, 40);
      const key = "visit-1";
      const visit: SiteRun = { ...published, key, source: "visit", trials: [], planned: 900 };

      await using lab = await startBrowserLab({ certificates: null }, { laboratory });
      await using browser = await puppeteer.launch({
        executablePath: chrome?.target().location ?? "",
        args: ["--no-sandbox"],
      });
      const page = await browser.newPage();
      page.setDefaultTimeout(timeout / 4);
      let asked = 0;
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        const name = `evidence/${key}/${technique}`;
        if (!request.url().endsWith(`/data/${name}.js`)) return void request.continue();
        asked += 1;
        const trials = made.filter((trial) => trial.technique === technique);
        const body = dataScript(name, { run: key, technique, trials });
        return void request.respond({ contentType: "text/javascript", body });
      });
      await page.evaluateOnNewDocument(feed);
      await page.goto(new URL(`?run=${key}`, lab.url).href);
      await page.waitForFunction("window.tell !== undefined");
      await page.evaluate(watch);
      const tell = async (type: string, content: object): Promise<unknown> =>
        await page.evaluate(`tell(${JSON.stringify(type)}, ${JSON.stringify(content)})`);

      await tell("run", visit);
      for (const trial of own) await tell("trial", { key, trial });
      const reason = await page.waitForSelector(".cmp-summary > .cmp-failing .cmp-reason");
      assert.match(
        (await reason?.evaluate((one) => one.textContent)) ?? "",
        /presented nothing instead/u,
      );
      assert.match(await page.$eval(".cmp-summary .cmp-running", (one) => one.textContent), /900/u);

      for (const trial of later) await tell("trial", { key, trial });
      const { done, total } = { done: own.length + later.length, total: 900 };
      await page.waitForFunction(
        `document.querySelector(".cmp-summary .cmp-running").textContent.includes("${done} of ${total}")`,
      );
      assert.ok(await page.$(".cmp-reason"));
      assert.equal(await page.evaluate("flickers"), 0);
      assert.equal(asked, 1);

      await tell("run", { ...visit, trials: [...own, ...later], planned: done });
      await page.waitForFunction(`document.querySelector(".cmp-running") === null`);
      assert.equal(await page.evaluate("flickers"), 0);
      assert.equal(asked, 1);
    },
  );
});
