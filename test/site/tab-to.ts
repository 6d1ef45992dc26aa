import assert from "node:assert/strict";
import type { Page } from "puppeteer";

/** Presses Tab until what `selector` matches has the focus; fails after `most` times. */
export async function tabTo(page: Page, selector: string, most: number): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    const isThere = `document.activeElement.matches(${JSON.stringify(selector)})`;
    if ((await page.evaluate(isThere)) === true) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${selector}`);
}
