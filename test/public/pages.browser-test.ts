import assert from "node:assert/strict";
import { suite, test } from "node:test";
import puppeteer, { type Browser, type Page } from "puppeteer";
import { createLaboratory } from "../../site/laboratory.ts";
import { verdict } from "../../experiments/verdict.ts";
import type { ObservedTrial } from "../../model/observation.ts";
import type { Lab } from "../../server/lab.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { Technique } from "../../techniques/technique.ts";
import { needsCertificate } from "../../techniques/needs-certificate.ts";
import { needsProxy } from "../../techniques/needs-proxy.ts";
import { installedBrowsers, type BrowserUnderTest } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";

const timeout = 300_000;

/** Those that make sense where the servers are on other ports of the page's host. */
const liveOver = (scheme: "ws" | "wss"): Technique[] =>
  techniques.filter(
    (technique) =>
      technique.leavesOut?.["same-host"] === undefined &&
      technique.leavesOut?.[scheme] === undefined &&
      needsProxy(technique) === null &&
      needsCertificate(technique) === null,
  );
const liveTechniques = liveOver("ws");
const browsers = await installedBrowsers();
/** Browsers differ about these on a live page; what they do is for the matrix to say. */
const disputed = [
  "cookie-cors-none",
  "cookie-cors-partitioned",
  "cookie-iframe-none",
  "cookie-iframe-partitioned",
  "custom-header",
  "custom-header-options",
  "websocket-stream",
  "cached-basic",
  "cached-basic-fetch",
  "cached-basic-frame",
  "subprotocol-unselected",
];
/** Every technique connects at once, over TLS too. */
const patient = { origin: { firstMessageDeadlineMs: 10_000 } };

const harness = { version: "test", revision: null, dirty: null };
const laboratory = createLaboratory(techniques, techniquesDirectory, harness);

suite("the live page connects with every technique", () => {
  for (const browser of browsers) {
    for (const scheme of ["ws", "wss"] as const) {
      test(`${browser.id}, ${scheme}`, { skip: browser.skip, timeout }, async () => {
        const judged: ObservedTrial[] = [];
        const all = Promise.withResolvers<void>();
        const judge = (trial: ObservedTrial): ReturnType<typeof verdict> => {
          judged.push(trial);
          if (judged.length === liveOver(scheme).length) all.resolve();
          return verdict(trial);
        };
        await using lab = await startBrowserLab(patient, { laboratory: { ...laboratory, judge } });
        await using session = await browser.target().launch({
          headless: true,
          timeoutMs: 60_000,
          profile: "default",
          trust: { kind: scheme === "wss" ? "accept-any" : "default" },
          loopbackDomains: [],
        });
        const url = scheme === "wss" ? lab.secureUrl : lab.url;
        assert.ok(url);
        await session.open(new URL("/?user=alice", url));
        await all.promise;
        assert.deepEqual(
          judged.map(({ technique }) => technique).toSorted(),
          liveOver(scheme)
            .map(({ id }) => id)
            .toSorted(),
        );
        for (const trial of judged) {
          const { outcome, reason } = verdict(trial);
          assert.equal(trial.scheme, scheme);
          if (disputed.includes(trial.technique)) continue;
          assert.equal(outcome, "pass", `${trial.technique}: ${reason}`);
        }
      });
    }
  }
});

// Puppeteer reads a page's content in Chrome and Firefox; WebKit's pages are judged by what they do.
for (const id of ["chrome", "firefox"] as const) {
  const browser = browsers.find((candidate) => candidate.id === id);
  suite(`what a person sees in ${id}`, { skip: browser?.skip ?? "unknown" }, () => {
    test("running again keeps the history, newest first", { timeout }, async () => {
      await using lab = await startBrowserLab(patient, { laboratory });
      await using window = await launchWindow(id, browser);
      const page = await window.newPage();
      await openLive(page, lab, "alice");
      await page.click("#again");
      await settle(page, 2);
      const texts = await page.$$eval(".panel .runs", (lists) =>
        lists.map((list) => [...list.children].map((run) => run.textContent)),
      );
      for (const [newest, oldest] of texts) {
        assert.match(newest ?? "", /Run 2/u);
        assert.match(oldest ?? "", /Run 1/u);
        assert.match(newest ?? "", /given\s*#\d+/u);
      }
    });

    test("a user name is text, whatever it holds", { timeout }, async () => {
      await using lab = await startBrowserLab(patient, { laboratory });
      await using window = await launchWindow(id, browser);
      const page = await window.newPage();
      const user = "<img src=x onerror=document.title='owned'>";
      await openLive(page, lab, user);
      assert.equal(await page.$("main img"), null);
      assert.notEqual(await page.title(), "owned");
      assert.equal(await page.$eval("#user", (node) => node.textContent), user);
      const states = await page.$$eval(".panel", (panels) =>
        panels.map((panel) => [
          panel.getAttribute("aria-labelledby")?.replace("panel-", ""),
          panel.getAttribute("data-state"),
        ]),
      );
      assert.deepEqual(
        states.filter(([technique = ""]) => !disputed.includes(technique ?? "")),
        liveTechniques.filter((one) => !disputed.includes(one.id)).map((one) => [one.id, "ok"]),
      );
    });

    test("a lab that went away is not taken for the browser's failure", { timeout }, async () => {
      const lab = await startBrowserLab(patient, { laboratory });
      await using window = await launchWindow(id, browser);
      const page = await window.newPage();
      await openLive(page, lab, "alice");
      await lab[Symbol.asyncDispose]();
      await page.click("#again");
      await settle(page, 2);
      const states = await page.$$eval(".panel", (panels) =>
        panels.map((panel) => panel.getAttribute("data-state")),
      );
      assert.deepEqual(
        states,
        liveTechniques.map(() => "lab-failed"),
      );
    });

    test(
      "every technique's page fits a phone, and the policy blocks nothing of it",
      {
        timeout,
      },
      async (context) => {
        await using lab = await startBrowserLab(patient, { laboratory });
        await using window = await launchWindow(id, browser);
        const page = await window.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(String(error)));
        await page.setViewport({ width: 320, height: 640 });
        for (const technique of techniques) {
          await context.test(technique.id, async () => {
            await page.goto(new URL(`/techniques/${technique.id}.html`, lab.url).href);
            const excess = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.equal(excess, 0, "the page scrolls sideways");
            assert.deepEqual(complaints.splice(0), []);
          });
        }
      },
    );
  });
}

function launchWindow(
  browser: "chrome" | "firefox",
  installed: BrowserUnderTest | undefined,
): Promise<Browser> {
  const args = browser === "chrome" ? ["--no-sandbox"] : [];
  return puppeteer.launch({ browser, executablePath: installed?.target().location ?? "", args });
}

async function openLive(page: Page, lab: Lab, user: string): Promise<void> {
  await page.goto(new URL(`/?user=${encodeURIComponent(user)}`, lab.url).href);
  await settle(page, 1);
}

/** Waits until every panel has shown the outcome of its nth run. */
async function settle(page: Page, runs: number): Promise<void> {
  await page.waitForFunction(
    (panels: number, wanted: number) => {
      const all = [...document.querySelectorAll<HTMLElement>(".panel")];
      return (
        all.length === panels &&
        all.every(
          (panel) =>
            panel.dataset["state"] !== "waiting" &&
            panel.querySelectorAll(".runs > li").length === wanted,
        )
      );
    },
    {},
    liveTechniques.length,
    runs,
  );
}
