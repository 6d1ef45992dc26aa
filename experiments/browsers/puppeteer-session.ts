import type { Browser, Page } from "puppeteer";

import type { Point } from "../../model/lab-api.ts";
import { pageLoadTimeoutMs } from "./session.ts";

/** Puppeteer as an onlooker: no emulated screen, no interception, nothing that a page could notice. */
export const onlooker = {
  defaultViewport: null,
  networkEnabled: false,
  issuesEnabled: false,
} as const;

/** Why a restart finds no profile, as a sentence part. */
export const keptByNoPrivateWindow =
  "a private window forgets everything when its browser is quit: no profile would be kept";

/** The tabs of a browser that Puppeteer has hold of: the foreground tab, and at most one behind it. */
export interface Tabs {
  /** The foreground tab. */
  page(): Page;
  /** Resolves, with the reason in words, when the browser or the foreground tab is lost. Never rejects. */
  readonly lost: Promise<string>;
  /** Makes a blank tab the foreground tab; the one before stays, an older one is closed. */
  open(): Promise<void>;
}

/** What is done about each tab. */
export interface TabRules {
  newPage(): Promise<Page>;
  /** Called for each tab before it gets an address from us. */
  prepare(page: Page): Promise<unknown>;
}

/** Watches the tabs of a browser, of which `first` is the foreground tab. */
export async function watchTabs(browser: Browser, first: Page, rules: TabRules): Promise<Tabs> {
  const lost = Promise.withResolvers<string>();
  let current = first;
  let before: Page | null = null;
  browser.once("disconnected", () => lost.resolve("the connection to it was closed"));
  async function watch(page: Page): Promise<void> {
    const lose = (how: string) => () => {
      if (page === current) lost.resolve(how);
    };
    page.once("error", lose("its tab crashed"));
    page.once("close", lose("its tab was closed"));
    await rules.prepare(page);
  }
  await watch(first);
  return {
    page: () => current,
    lost: lost.promise,
    async open() {
      const page = await rules.newPage();
      await watch(page);
      await page.bringToFront();
      const old = before;
      before = current;
      current = page;
      // A dialog for who leaves a page would hold its tab.
      await old?.close({ runBeforeUnload: false });
    },
  };
}

/**
 * Answers "cancel" to every dialog of the page, because an open one stops the page's clock. Adds to
 * `seen` what came up, in words.
 */
export function dismissDialogs(page: Page, seen: string[]): void {
  page.on("dialog", (dialog) => {
    seen.push(`${dialog.type()}: ${dialog.message()}`);
    // The page may have gone on, and the dialog with it.
    dialog.dismiss().catch(() => {});
  });
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
