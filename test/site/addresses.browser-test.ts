import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import puppeteer, { type Page } from "puppeteer";
import { createLaboratory } from "../../site/laboratory.ts";
import type { Lab } from "../../server/lab.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { failingCell } from "./lab-pages.ts";
import { openTestPage } from "./test-page.ts";

const timeout = 120_000;
const browsers = await installedBrowsers();
const chrome = browsers.find(({ id }) => id === "chrome");
const harness = { version: "test", revision: null, dirty: null };
const laboratory = createLaboratory(techniques, techniquesDirectory, harness);

interface Shared {
  readonly name: string;
  /** Where it begins. */
  readonly path: string;
  /** What is done there by hand. */
  readonly act: (page: Page) => Promise<unknown>;
  /** The address afterwards. */
  readonly leadsTo: RegExp;
  /** What is true in the page when it is drawn. */
  readonly isDrawn: string;
  /** What has to be the same wherever it is opened. */
  readonly shows: string;
}

const text = (selector: string): string =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent.replaceAll(/\\s+/gu, " ").trim()).join(" | ")`;
const has = (selector: string): string =>
  `document.querySelector(${JSON.stringify(selector)}) !== null`;

const views: readonly Shared[] = [
  {
    name: "a filtered matrix",
    path: "",
    async act(page) {
      await page.type("#search", "cookie");
      await page.click("[name=differ]");
      await page.click(".cmp-more-filters > summary");
      await page.click("[name=placement][value=cross-site]");
      await page.click("[name=scheme][value=wss]");
    },
    leadsTo: /^\?(?=.*search=cookie)(?=.*differ)(?=.*placement=cross-site)(?=.*scheme=wss)/u,
    isDrawn: `${has("[data-copy]:not([hidden])")} && ${has(".cmp-matrix td")}`,
    shows: text(".cmp-matrix"),
  },
  {
    name: "a trial's evidence",
    path: failingCell.replace(/&scenario=.*/u, ""),
    act: async (page) =>
      await page.$$eval("[data-trial] > summary", (all) => {
        all.at(-1)?.click();
      }),
    leadsTo: /&trial=/u,
    isDrawn: has("[data-trial][open] [data-body] > *"),
    shows: `[${text("h1")}, document.querySelector("[data-trial='" + new URLSearchParams(location.search).get("trial") + "'][open]")?.textContent.replaceAll(/\\s+/gu, " ")].join()`,
  },
  {
    name: "a slide with what was guessed",
    path: "learn.html?step=protocols&present=1",
    async act(page) {
      for (const key of ["ArrowRight", "ArrowRight", "1", "ArrowRight"] as const) {
        await page.keyboard.press(key);
      }
    },
    leadsTo: /^\?step=protocols&present=1&slide=4&guess=stomp-connect$/u,
    isDrawn: has(".learn-stage[data-slide=answer]"),
    shows: text("main"),
  },
  {
    name: "a choice",
    path: "choose.html",
    act: async (page) => await page.click("[name=demand][value=quiet-log]"),
    leadsTo: /demand=quiet-log/u,
    isDrawn: `${has("[name=demand][value=quiet-log]:checked")} && ${has("[data-answer] h3")}`,
    shows: text("[data-answer] h3"),
  },
  {
    name: "what is asked",
    path: "answers.html",
    act: async (page) => await page.type("#find", "cookie"),
    leadsTo: /^\?find=cookie$/u,
    isDrawn: has(".ask-find:not([hidden])"),
    shows: text(".ask-item:not([hidden]) h2"),
  },
];

suite(
  "an address that was copied in Chromium shows the same",
  {
    skip: chrome?.skip ?? "unknown",
  },
  () => {
    let lab: Lab;
    const copied = new Map<string, { readonly address: string; readonly shown: unknown }>();
    before(async () => {
      lab = await startBrowserLab({ certificates: null }, { laboratory });
      await using browser = await puppeteer.launch({
        executablePath: chrome?.target().location ?? "",
        args: ["--no-sandbox"],
      });
      const page = await browser.newPage();
      page.setDefaultTimeout(timeout / 2);
      await page.setViewport({ width: 1280, height: 1024 });
      for (const { name, path, act, isDrawn, shows } of views) {
        await page.goto(new URL(path, lab.url).href, { waitUntil: "networkidle2" });
        const unchanged = await page.evaluate(shows);
        await act(page);
        await page.waitForFunction(isDrawn);
        const shown = await page.evaluate(shows);
        assert.notEqual(shown, unchanged, name);
        assert.notEqual(shown, "", name);
        copied.set(name, { address: page.url(), shown });
      }
    });
    after(async () => await lab[Symbol.asyncDispose]());

    for (const browser of browsers) {
      if (browser.id === "chrome") continue;
      test(`in ${browser.id}`, { skip: browser.skip, timeout }, async (context) => {
        await using page = await openTestPage(browser);
        for (const { name, leadsTo, isDrawn, shows } of views) {
          await context.test(name, async () => {
            const { address = "", shown } = copied.get(name) ?? {};
            assert.match(new URL(address).search, leadsTo);
            await page.open(address);
            await page.until(isDrawn);
            assert.equal(await page.evaluate(shows), shown);
          });
        }
      });
    }
  },
);
