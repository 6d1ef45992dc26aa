import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { startBrowserLab } from "../start-lab.ts";
import { openTestPage } from "./test-page.ts";

const runs = `[...document.querySelectorAll("[data-runs] > li")]`;
const press = (selector: string): string =>
  `document.querySelector(${JSON.stringify(selector)}).click() ?? true`;
const ended = (count: number): string =>
  `${runs}.length === ${count} && !document.querySelector("[data-run]").hasAttribute("aria-disabled")`;
/** By run, newest first: what was wanted, what happened, and what the handshake held. */
const told = `${runs}.map((run) => ({
  wanted: [...run.querySelectorAll(".try-wanted dd")].map((one) => one.textContent),
  head: run.querySelector(".handshake-head")?.textContent ?? "",
  published: run.querySelectorAll(".try-published tbody tr").length,
  open: run.querySelector("details").open,
}))`;

interface Told {
  readonly wanted: readonly string[];
  readonly head: string;
  readonly published: number;
  readonly open: boolean;
}

for (const browser of await installedBrowsers()) {
  suite(`the page to try things on, in ${browser.name}`, { skip: browser.skip }, () => {
    test("a forged token is refused, a fresh one accepted after it, and a single-use one once", async () => {
      await using lab = await startBrowserLab();
      await using page = await openTestPage(browser);
      const address = new URL("try.html?technique=query-parameter&input=forged&user=Zoë", lab.url);
      await page.open(address.href);
      await page.until(`document.querySelector("[name=user]")?.value === "Zoë"`);
      await page.until(`document.querySelectorAll(".source-file").length === 2`);
      assert.deepEqual(await page.evaluate(told), [], "nothing runs by itself");
      await page.evaluate(press("[data-run]"));
      await page.until(ended(1));
      await page.evaluate(press("[data-again=good]"));
      await page.until(ended(2));
      const [fresh, forged] = await page.evaluate<Told[]>(told);
      assert.deepEqual(forged?.wanted, ["refused", "refused, “unknown token”"]);
      assert.deepEqual(fresh?.wanted, ["accepted", "accepted, as Zoë, with #2"]);
      assert.match(fresh?.head ?? "", /token=‹#2› HTTP\/1\.1/u);
      assert.deepEqual([fresh?.open, forged?.open], [true, false]);

      await page.open(new URL("try.html?technique=first-message&input=single-use", lab.url).href);
      await page.until(`document.querySelectorAll(".source-file").length === 2`);
      await page.evaluate(press("[data-run]"));
      await page.until(ended(2));
      const wanted = (await page.evaluate<Told[]>(told)).map((run) => run.wanted);
      assert.deepEqual(wanted, [
        ["refused", "refused, “token already used”"],
        ["accepted", "accepted, as alice, with #3"],
      ]);
    });
  });
}
