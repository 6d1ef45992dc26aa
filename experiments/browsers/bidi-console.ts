import type { Page } from "puppeteer";

import type { ConsoleSource } from "./browser.ts";
import { consoleLine } from "./console-lines.ts";

/**
 * What Firefox tells of its console. WebDriver BiDi knows no other entries
 * (https://w3c.github.io/webdriver-bidi/#types-log-logentry), and Firefox makes an entry of its own errors.
 */
export const bidiConsole: ConsoleSource = {
  heard: true,
  means:
    "WebDriver BiDi's log: the console API and errors, Firefox's own among them, of pages, frames and dedicated workers; of objects their kind only, no warnings of Firefox's own, no list of requests",
};

/** Hears the console of a page, with its frames and dedicated workers. */
export function hearPage(page: Page, onConsole: (text: string) => void): void {
  page.on("console", (message) => onConsole(consoleLine(message.text(), message.location().url)));
  page.on("pageerror", (error) => {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    onConsole(consoleLine(message, /\((\S+?):\d+:\d+\)/.exec(stack)?.[1]));
  });
}
