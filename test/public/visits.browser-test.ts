import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import puppeteer from "puppeteer";
import { createLaboratory } from "../../site/laboratory.ts";
import type { Walk } from "../../server/walks.ts";
import { createLabSite } from "../../site/lab-site.ts";
import { visitKey } from "../../server/visits.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";

const timeout = 600_000;
const browsers = await installedBrowsers();
const harness = { version: "test", revision: null, dirty: null };
const whole = createLaboratory(techniques, techniquesDirectory, harness);
const tried = ["first-message", "session-cookie"];
const scenarios = ["valid", "rotation", "hijack-cross-site", "hijack-other-port"];
const laboratory = {
  ...whole,
  plan: () =>
    whole
      .plan()
      .filter(
        ({ technique, scenario }) => tried.includes(technique) && scenarios.includes(scenario),
      ),
};

/** What became of the trials on one site: each as "first-message valid same-host: pass". */
function outcomesOf(walk: Walk): string[] {
  return walk.ended
    .filter(({ placement }) => placement === "same-origin" || placement === "same-host")
    .map((trial) => {
      const { technique, scenario, placement } = trial;
      return `${technique} ${scenario} ${placement}: ${laboratory.judge(trial).outcome}`;
    });
}

// Names under nip.io lead to 127.0.0.1 by a switch of the browser: a test asks no DNS.
for (const browser of browsers) {
  suite(`a visit by address, in ${browser.id}`, { skip: browser.skip }, () => {
    for (const { name, loopbackDomains, unsupported } of [
      {
        name: "names with the address in them lead to the lab",
        loopbackDomains: ["nip.io"],
        unsupported: /^$/u,
      },
      {
        name: "no name leads to the lab",
        loopbackDomains: [],
        unsupported: /^session-cookie | hijack-/u,
      },
    ]) {
      test(`ends where ${name}`, { timeout }, async () => {
        await using lab = await startBrowserLab(
          { hosts: ["0.0.0.0"], certificates: null },
          { laboratory },
        );
        await using session = await browser.target().launch({
          headless: true,
          timeoutMs: 60_000,
          profile: "default",
          trust: { kind: "default" },
          loopbackDomains,
        });
        const walk = lab.visits.startAt({ hostname: "127.0.0.1", names: "127-0-0-1.nip.io" });
        const over = once(lab.visits, "end");
        assert.ok(walk.entrance);
        await session.open(walk.entrance);
        await over;
        const outcomes = outcomesOf(walk);
        assert.ok(outcomes.length >= 2 * 2 * scenarios.length);
        for (const one of outcomes) {
          const expected = unsupported.test(one) ? /: unsupported$|: pass$/u : /: pass$/u;
          assert.match(one, expected);
        }
        const skipped = outcomes.filter((one) => one.endsWith(": unsupported"));
        assert.equal(skipped.length > 0, loopbackDomains.length === 0);
        assert.ok(!skipped.some((one) => one.startsWith("first-message valid")));
      });
    }
  });
}

for (const id of ["chrome", "firefox"] as const) {
  const browser = browsers.find((candidate) => candidate.id === id);
  test(
    `who comes appears on the page that lets others in, in ${id}`,
    { skip: browser?.skip ?? "unknown", timeout },
    async () => {
      const saving = { ...laboratory, saveVisit: async () => ({ path: "results/visits/x.json" }) };
      const settings = { hosts: ["0.0.0.0"], certificates: null };
      await using lab = await startBrowserLab(settings, {
        laboratory: saving,
        site: createLabSite(),
      });
      await using window = await puppeteer.launch({
        browser: id,
        executablePath: browser?.target().location ?? "",
        args: id === "chrome" ? ["--no-sandbox"] : [],
      });
      const page = await window.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(new URL("/join.html", lab.url).href, { timeout });
      const urls = lab.addressesForOthers().map(({ href }) => href);
      await page.waitForSelector(urls.length === 0 ? ".join-command" : ".join-qr", { timeout });
      const links = await page.$$eval(".join-url", (all) =>
        all.map(({ textContent }) => textContent),
      );
      assert.deepEqual(links, urls);

      const walk = lab.visits.start("localhost", "Mozilla/5.0 <img src=x> Firefox/150.0");
      assert.ok(walk);
      await page.waitForSelector(".join-visits li", { timeout });
      walk.abandon({ outcome: "crash", reason: "gone" });
      await page.waitForFunction(
        () => document.querySelector(".join-visits")?.textContent.includes("over: 0 of "),
        { timeout },
      );
      const show = await page.$eval(".join-visits a", (link) => link.getAttribute("href"));
      assert.equal(show, `index.html?run=${visitKey(walk)}`);
      await page.focus("[data-save]");
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        () =>
          document.querySelector("[data-said]")?.textContent === "Saved as results/visits/x.json.",
        { timeout },
      );
      assert.deepEqual(complaints, []);
    },
  );
}
