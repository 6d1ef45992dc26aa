import type { Browser, Page } from "puppeteer";

import type { Point } from "../../model/lab-api.ts";
import { pageLoadTimeoutMs } from "./session.ts";

/** Puppeteer as an onlooker: no emulated screen, no interception, nothing that a page could notice. */
export const onlooker = {
  defaultViewport: null,
  networkEnabled: false,
  issuesEnabled: false,
} as const;

/** The ways to lose a page, for `SessionParts.losses`. */
export function losses(browser: Browser, page: Page): readonly Promise<string>[] {
  return [
    new Promise((resolve) =>
      browser.once("disconnected", () => resolve("the connection to it was closed")),
    ),
    new Promise((resolve) => page.once("error", () => resolve("its tab crashed"))),
    new Promise((resolve) => page.once("close", () => resolve("its tab was closed"))),
  ];
}

/**
 * Answers "cancel" to every dialog of the page, because an open one stops the page's clock. Returns
 * what came up, in words; the list grows.
 */
export function dismissDialogs(page: Page): readonly string[] {
  const seen: string[] = [];
  page.on("dialog", (dialog) => {
    seen.push(`${dialog.type()}: ${dialog.message()}`);
    // The page may have gone on, and the dialog with it.
    dialog.dismiss().catch(() => {});
  });
  return seen;
}

/** Loads a page, whatever it does next. Waits for the first `load` event; a page may replace itself before. */
export async function navigate(page: Page, url: URL): Promise<void> {
  await page.goto(url.href, { waitUntil: "load", timeout: pageLoadTimeoutMs });
}

/**
 * Clicks by script, which WebDriver BiDi lets count as a user's gesture. Firefox 153 delivers the
 * pointer of BiDi to no frame of another site's.
 */
export async function clickByScript(page: Page, { x, y }: Point): Promise<void> {
  const found = await page.evaluateHandle(`document.elementFromPoint(${x}, ${y})`);
  const element = found.asElement();
  const frame = await element?.contentFrame();
  const box = await element?.boundingBox();
  const place = frame && box ? `${x - box.x}, ${y - box.y}` : `${x}, ${y}`;
  await (frame ?? page).evaluate(`document.elementFromPoint(${place})?.click()`);
}
