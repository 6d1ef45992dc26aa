import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import axe from "axe-core";
import puppeteer, { type Browser, type Page } from "puppeteer";
import { createLaboratory } from "../../site/laboratory.ts";
import type { Lab } from "../../server/lab.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { labPages, type LabPage } from "./lab-pages.ts";
import { tabTo } from "./tab-to.ts";

const timeout = 120_000;
const chrome = (await installedBrowsers()).find(({ id }) => id === "chrome");
const harness = { version: "test", revision: null, dirty: null };
const laboratory = createLaboratory(techniques, techniquesDirectory, harness);

/** What is done to a page before it is looked at: the parts that are folded when it opens. */
const states: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  compare: openAll,
  "a step of learn": openAll,
  // Rows by the hundred are alike.
  risks: async (page) => {
    await page.evaluate(
      "for (const row of document.querySelectorAll('tbody tr:nth-child(n + 6)')) row.remove()",
    );
    await openAll(page);
  },
  try: async (page) => {
    await page.click("[data-run]");
    await page.waitForSelector("[data-runs] > li details");
  },
  presenting: async (page) => {
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
  },
};

/** https://www.deque.com/axe/core-documentation/api-documentation/#axecore-tags */
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

suite("a page for everybody", { skip: chrome?.skip ?? "unknown" }, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  before(async () => {
    lab = await startBrowserLab({ certificates: null }, { laboratory });
    browser = await puppeteer.launch({
      executablePath: chrome?.target().location ?? "",
      args: ["--no-sandbox"],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(timeout / 2);
  });
  after(async () => {
    await browser.close();
    await lab[Symbol.asyncDispose]();
  });
  const open = async ({ path, isDrawn }: Pick<LabPage, "path" | "isDrawn">): Promise<void> => {
    await page.goto(new URL(path, lab.url).href);
    await page.waitForFunction(isDrawn);
  };
  const media = async (theme: "light" | "dark", motion = "reduce"): Promise<void> => {
    await page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: theme },
      { name: "prefers-reduced-motion", value: motion },
    ]);
  };

  for (const labPage of labPages) {
    test(
      `axe finds nothing, light or dark, and nothing moves: ${labPage.name}`,
      { timeout },
      async () => {
        await page.setViewport({ width: 1280, height: 900 });
        await media("light");
        await open(labPage);
        await states[labPage.name]?.(page);
        await page.evaluate(axe.source);
        const all = `{ type: "tag", values: ${JSON.stringify(rules)} }`;
        assert.equal(await findings(page, all), "");
        await media("dark");
        assert.equal(await findings(page, `["color-contrast", "link-in-text-block"]`), "");
        const moving = await page.evaluate(
          "document.getAnimations().filter(({ playState }) => playState === 'running').length",
        );
        assert.equal(moving, 0);
      },
    );

    test(
      `from a phone to a wall, nothing is cut off and lines can be read: ${labPage.name}`,
      { timeout },
      async () => {
        await page.setViewport({ width: 320, height: 640 });
        await media("light");
        await open(labPage);
        // 640: a small laptop's window at 200 %.
        for (const width of [320, 640, 1280, 3840]) {
          await page.setViewport({ width, height: 640 });
          assert.deepEqual(await page.evaluate(tooWide), [], `at ${width} pixels`);
        }
        assert.deepEqual(await page.evaluate(longLines), []);
      },
    );
  }

  test("Tab comes to every control of the home page, and each shows it", { timeout }, async () => {
    await page.setViewport({ width: 1280, height: 900 });
    await media("light", "no-preference");
    await open({ path: "?technique=ticket,subprotocol", isDrawn: drawnCompare });
    const controls = await page.evaluate(markControls);
    assert.ok(Array.isArray(controls) && controls.length > 30, String(controls));
    const missed = new Set<unknown>(controls);
    for (let presses = 0; missed.size > 0 && presses < controls.length + 5; presses += 1) {
      await page.keyboard.press("Tab");
      const [control, isVisible] = await evaluated<[string, boolean]>(page, focused);
      missed.delete(control);
      assert.ok(isVisible, `${control} does not show that it has the focus`);
    }
    assert.deepEqual([...missed], []);
  });

  test("the first Tab leads past the navigation", { timeout }, async () => {
    for (const { path, isDrawn } of labPages.filter(({ name }) => withSkip.has(name))) {
      await open({ path, isDrawn });
      await page.evaluate("document.activeElement?.blur()");
      await page.keyboard.press("Tab");
      const isThere =
        "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0";
      assert.equal(await page.evaluate(isThere), true, path);
      await page.keyboard.press("Enter");
      await page.waitForFunction("document.activeElement.matches('main')");
    }
  });

  test("filters are changed by keys, and keep the focus", { timeout }, async () => {
    await open({ path: "", isDrawn: drawnCompare });
    const all = await rows(page);
    await tabTo(page, "#scenario", 80);
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction("new URLSearchParams(location.search).has('scenario')");
    assert.equal(await page.evaluate("document.activeElement.id"), "scenario");
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction("!new URLSearchParams(location.search).has('scenario')");
    await tabTo(page, "#search", 80);
    await page.keyboard.type("ticket");
    await page.waitForFunction("new URLSearchParams(location.search).get('search') === 'ticket'");
    assert.equal(await page.evaluate("document.activeElement.id"), "search");
    const found = await rows(page);
    assert.ok(found > 0 && found < all, `${found} of ${all}`);
    assert.match(await page.$eval("[data-status]", (one) => one.textContent), /shown/u);
    await tabTo(page, "[name=differ]", 80);
    await page.keyboard.press("Space");
    await page.waitForFunction("new URLSearchParams(location.search).has('differ')");
    assert.equal(await page.evaluate("document.activeElement.name"), "differ");
  });

  test("a trial opens by Enter, and then the address names it", { timeout }, async () => {
    await open({
      path: "evidence.html?run=chrome&technique=ticket",
      isDrawn: "document.querySelector('[data-trial]') !== null",
    });
    await tabTo(page, "[data-trial]:not([open]) > summary", 80);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      "document.activeElement.closest('details[open]')?.querySelector('[data-body]').childElementCount > 0",
    );
    const trial = await page.evaluate("document.activeElement.closest('details').dataset.trial");
    assert.equal(new URL(page.url()).searchParams.get("trial"), trial);
  });

  test("a talk is given by keys alone", { timeout }, async () => {
    await open({
      path: "learn.html",
      isDrawn: "document.querySelector('[data-present]') !== null",
    });
    const at = async (query: string, selector: string): Promise<void> => {
      await page.waitForSelector(selector);
      assert.equal(new URL(page.url()).search, query);
    };
    await page.keyboard.press("p");
    await at("?step=why&present=1", ".learn-stage[data-slide=idea]");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("PageDown");
    await at("?step=why&present=1&slide=3", ".learn-stage[data-slide=question]");
    await page.keyboard.press("1");
    await at("?step=why&present=1&slide=3&guess=refused", ".learn-stage input:checked");
    await page.keyboard.press("r");
    await at("?step=why&present=1&slide=4&guess=refused", ".learn-stage[data-slide=answer]");
    await page.keyboard.press("d");
    await page.waitForSelector(":root[data-theme=dark]");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog:not([open])");
    await page.keyboard.press("Escape");
    await page.waitForSelector("article#why");
    assert.equal(await page.evaluate("document.activeElement.localName"), "h1");
  });
});

/** All pages begin alike; a script draws the content of some again. */
const withSkip: ReadonlySet<string> = new Set(["compare", "learn", "choose", "technique"]);

const drawnCompare = labPages.find(({ name }) => name === "compare")?.isDrawn ?? "false";

async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
}

/** What axe has to say of the page as it is: a rule, what breaks it, and how to mend it. */
async function findings(page: Page, runOnly: string): Promise<string> {
  return await evaluated(
    page,
    `axe.run(document, { runOnly: ${runOnly}, resultTypes: ["violations"] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ target, failureSummary }) =>
        [id, target.join(" "), failureSummary].join("\\n  "))).join("\\n"))`,
  );
}

/** What makes the page scroll sideways. */
const tooWide = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
    .map((one) => one.localName + "." + one.className).slice(0, 8);
})()`;

/** Paragraphs whose lines are longer than a reader's eye finds its way back from. */
const longLines = `[...document.querySelectorAll("main p, main li, main dd")]
  .filter((one) => one.closest("table, pre") === null && one.querySelector("p, li, table, div, input") === null)
  .flatMap((one) => {
    const text = one.innerText.trim();
    const range = document.createRange();
    range.selectNodeContents(one);
    const tops = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8)));
    const perLine = Math.round(text.length / Math.max(1, tops.size));
    return tops.size === 0 || text.includes("\\n") || perLine <= 105 ? [] : [perLine + ": " + one.className + " " + text.slice(0, 80)];
  })`;

/** Numbers whatever takes the focus by Tab; a group of radio buttons takes it once. */
const markControls = `(() => {
  const controls = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && (one.type !== "radio" || one.checked));
  return controls.map((one, index) => one.dataset.control = index + " " + (one.id || one.name || one.textContent.trim().slice(0, 30)));
})()`;

const focused = `(() => {
  const one = document.activeElement;
  if (one === document.body) return ["", true];
  // A cell of the matrix draws it around all of itself.
  const isOutlined = [null, "::after"].some((part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one, part);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  return [one.dataset.control ?? one.outerHTML.slice(0, 80), isOutlined];
})()`;

async function evaluated<Value>(page: Page, expression: string): Promise<Value> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await page.evaluate(expression)) as Value;
}

async function rows(page: Page): Promise<number> {
  return (await page.$$("[data-matrix] tbody tr")).length;
}
