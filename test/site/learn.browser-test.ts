import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { openTestPage, type TestPage } from "./test-page.ts";

const timeout = 120_000;
const browsers = await installedBrowsers();

interface Seen {
  readonly query: string;
  readonly heading: string;
  /** Whether the heading has the focus, so that it is read out. */
  readonly isFocused: boolean;
  readonly isPresenting: boolean;
  readonly theme: string | null;
  readonly chosen: readonly string[];
  readonly keysAreShown: boolean;
}

const seen = `(() => {
  const heading = document.querySelector("main h1");
  return {
    query: location.search,
    heading: heading.textContent.trim(),
    isFocused: document.activeElement === heading,
    isPresenting: document.querySelector(".learn-stage") !== null,
    theme: document.documentElement.dataset.theme ?? null,
    chosen: [...document.querySelectorAll(".learn-question input:checked")].map(({ value }) => value),
    keysAreShown: document.querySelector("dialog[open]") !== null,
  };
})()`;

/** Presses a key where the focus is, and says whether the page took it. */
async function press(page: TestPage, key: string, more: object = {}): Promise<boolean> {
  const options = JSON.stringify({ key, bubbles: true, cancelable: true, ...more });
  return !(await page.evaluate<boolean>(
    `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", ${options}))`,
  ));
}

suite("a presentation", () => {
  let lab: Lab;
  before(async () => void (lab = await startBrowserLab()));
  after(async () => await lab[Symbol.asyncDispose]());

  for (const browser of browsers) {
    test(`is given with keys alone in ${browser.id}`, { skip: browser.skip, timeout }, async () => {
      await using page = await openTestPage(browser);
      const look = async (): Promise<Seen> => await page.evaluate<Seen>(seen);
      const open = async (query: string, drawn: string): Promise<void> => {
        await page.open(new URL(`learn.html${query}`, lab.url).href);
        await page.until(`document.querySelector(${JSON.stringify(drawn)}) !== null`);
      };

      await open("?step=user-information", "article#user-information");
      assert.equal(await press(page, "ArrowRight"), false, "arrows are for the stage");
      assert.equal(await press(page, "p"), true);
      let now = await look();
      assert.equal(now.query, "?step=user-information&present=1");
      assert.deepEqual([now.isPresenting, now.isFocused], [true, true]);

      for (const [key, slide] of [
        ["ArrowRight", 2],
        ["PageDown", 3],
        ["PageUp", 2],
        [" ", 3],
      ] as const) {
        assert.equal(await press(page, key), true, key);
        now = await look();
        assert.equal(now.query, `?step=user-information&present=1&slide=${slide}`, key);
        assert.equal(now.isFocused, true, key);
      }

      for (const held of ["ctrlKey", "altKey", "metaKey", "shiftKey"]) {
        assert.equal(await press(page, "ArrowRight", { [held]: true }), false, held);
      }
      assert.equal((await look()).query, now.query);

      await press(page, "2");
      now = await look();
      assert.deepEqual(now.chosen, ["other"]);
      assert.equal(now.query, "?step=user-information&present=1&slide=3&guess=other");

      await page.evaluate(`document.querySelector(".learn-question input").focus() ?? true`);
      assert.equal(await press(page, "ArrowRight"), false, "arrows choose among radio buttons");
      assert.equal(await press(page, " "), false, "space ticks");
      assert.equal((await look()).query, now.query);

      assert.equal(await press(page, "r"), true);
      now = await look();
      assert.match(now.query, /slide=4&guess=other$/u);
      assert.equal(now.heading, "What happened");
      assert.equal(await page.evaluate(`document.querySelectorAll(".learn-yours").length`), 1);

      await press(page, "?");
      assert.equal((await look()).keysAreShown, true);
      assert.equal(await press(page, "ArrowRight"), false, "the keys are read first");
      await page.evaluate(`document.querySelector("dialog").close() ?? true`);

      const [paper, dark] = await page.evaluate<[string, string]>(
        `["--paper", "color-scheme"].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))`,
      );
      assert.ok(paper !== "" && dark !== "");
      await press(page, "d");
      now = await look();
      assert.ok(now.theme === "dark" || now.theme === "light", String(now.theme));
      assert.match(now.query, new RegExp(`theme=${now.theme}$`, "u"));
      assert.notEqual(
        await page.evaluate<string>(
          `getComputedStyle(document.documentElement).getPropertyValue("--paper")`,
        ),
        paper,
      );

      // Another machine shows the same.
      const { query, heading, theme } = now;
      await open(query, ".learn-stage");
      now = await look();
      assert.deepEqual([now.heading, now.theme], [heading, theme]);

      await press(page, "End");
      assert.match((await look()).query, /step=choosing&present=1&slide=5/u);
      assert.equal(await press(page, "ArrowRight"), true);
      assert.match((await look()).query, /step=choosing&present=1&slide=5/u);
      await press(page, "Home");
      assert.match((await look()).query, /step=why&present=1&theme/u);

      await press(page, "Escape");
      now = await look();
      assert.equal(now.query, "?step=why");
      assert.deepEqual([now.isPresenting, now.theme], [false, null]);

      await page.evaluate(`history.back() ?? true`);
      await page.until(`document.querySelector(".learn-stage") !== null`);
    });

    test(
      `a guess and the answer are in the address in ${browser.id}`,
      { skip: browser.skip, timeout },
      async () => {
        await using page = await openTestPage(browser);
        const open = async (query: string): Promise<void> => {
          await page.open(new URL(`learn.html${query}`, lab.url).href);
          await page.until(`document.querySelector("article#protocols") !== null`);
        };
        await open("?step=protocols#protocols");
        assert.equal(await page.evaluate(`location.hash`), "");
        await page.evaluate(`document.querySelector("[value=mqtt-connect]").click() ?? true`);
        await page.evaluate(`document.querySelector("[value=socket-io]").click() ?? true`);
        assert.equal(
          await page.evaluate(`location.search`),
          "?step=protocols&guess=mqtt-connect,socket-io",
        );
        await page.evaluate(`document.querySelector("[value=none]").click() ?? true`);
        assert.equal(await page.evaluate(`location.search`), "?step=protocols&guess=none");
        await page.evaluate(`document.querySelector("[value=mqtt-connect]").click() ?? true`);
        await page.evaluate(`document.querySelector("summary").click() ?? true`);
        await page.until(`location.search === "?step=protocols&guess=mqtt-connect&answer=1"`);
        await open("?step=protocols&guess=mqtt-connect&answer=1");
        const state = await page.evaluate(
          `[document.querySelector("details").open, document.querySelector("[value=mqtt-connect]").checked]`,
        );
        assert.deepEqual(state, [true, true]);
        await page.evaluate(`document.querySelector("[rel=next]").click() ?? true`);
        await page.until(`document.querySelector("article#query-parameter") !== null`);
        assert.equal(await page.evaluate(`location.search`), "?step=query-parameter");
      },
    );
  }
});
