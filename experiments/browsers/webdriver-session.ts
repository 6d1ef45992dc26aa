import { setTimeout as delay } from "node:timers/promises";

import { Capabilities, error, Origin, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";

import type { Point } from "../../model/lab-api.ts";
import { UnsupportedError, type ConsoleSource } from "./browser.ts";
import { pageLoadTimeoutMs } from "./session.ts";

const pollIntervalMs = 1_000;
const blank = "about:blank";
/** The text of a blank document, null in any other. */
const askForProblem = `return document.URL === "${blank}" ? document.body.textContent : null`;

/** What a WebDriver end tells of a console. */
export const webDriverConsole: ConsoleSource = {
  heard: false,
  reason: "WebDriver has no command that tells of the console",
};

/** A session at a W3C WebDriver end. It is watched from the beginning until `stop` or `quit`. */
export interface WebDriverLink {
  readonly capabilities: Capabilities;
  /** The dialogs that were dismissed; WebDriver does not tell of which kind they were. Grows. */
  readonly dialogs: readonly string[];
  /** Resolves, with the reason in words, when the session or its tab is lost. Never rejects. */
  readonly lost: Promise<string>;
  /** Loads a page, whatever it does next. Rejects when the end says or shows that it could not be loaded. */
  navigate(url: URL): Promise<void>;
  /** Clicks there, in whatever frame that is. */
  click(point: Point): Promise<void>;
  /** As in SessionParts. Rejects with an UnsupportedError when the end shows no new tab and no new window. */
  openTab(): Promise<void>;
  /** Stops watching, and leaves the session alone. */
  stop(): void;
  /** Stops watching, and ends the session. */
  quit(): Promise<void>;
}

/** Opens a session in which dialogs are dismissed. Rejects with what the end answered. */
export async function openLink(
  server: URL,
  capabilities: Readonly<Record<string, unknown>>,
): Promise<WebDriverLink> {
  const driver = WebDriver.createSession(
    new Executor(new HttpClient(server.href)),
    new Capabilities({
      ...capabilities,
      // We dismiss them ourselves: the end would not say what was in them.
      unhandledPromptBehavior: "ignore",
      timeouts: { pageLoad: pageLoadTimeoutMs },
    }),
  );
  const answered = await driver.getCapabilities();
  const stopping = new AbortController();
  const dialogs: string[] = [];

  // WebKitWebDriver 2.50 was seen to forget a navigation that begins while another command is not answered.
  let last: Promise<unknown> = Promise.resolve();
  function oneAtATime<T>(command: () => Promise<T>): Promise<T> {
    const answer = last.then(command, command);
    last = answer;
    return answer;
  }

  async function dismissDialog(): Promise<void> {
    try {
      const dialog = await driver.switchTo().alert();
      const text = await dialog.getText();
      await dialog.dismiss();
      dialogs.push(`dialog: ${text}`);
    } catch (cause) {
      if (!(cause instanceof error.NoSuchAlertError)) throw cause;
    }
  }

  /** Commands but those for dialogs are refused while one is open. */
  async function pastDialogs<T>(command: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await command();
      } catch (cause) {
        if (stopping.signal.aborted || !(cause instanceof error.UnexpectedAlertOpenError)) {
          throw cause;
        }
        await dismissDialog();
      }
    }
  }

  /**
   * WebKitWebDriver 2.50 answers as if all were well when a page could not be loaded. Then there is a
   * page of the browser's own instead, which has the address asked for but knows that it is blank; or,
   * after a certificate that is not trusted, the page of before.
   */
  async function navigate({ href }: URL): Promise<void> {
    await pastDialogs(() => driver.get(blank));
    await driver.get(href).catch((cause: unknown) => {
      // A blank page opens none: it is the new page that has opened a dialog.
      if (!(cause instanceof error.UnexpectedAlertOpenError)) throw cause;
    });
    if (href === blank) return;
    const problem = await pastDialogs(() =>
      driver.executeScript<string | null>(askForProblem),
    ).catch((cause: unknown) => {
      // A page that leaves while it is asked was there.
      if (cause instanceof error.NoSuchFrameError || cause instanceof error.JavascriptError) {
        return null;
      }
      throw cause;
    });
    if (problem !== null) {
      const reason = problem || "its certificate is not trusted, or its address is not allowed";
      throw new Error(`${href} was not loaded (${reason}).`);
    }
  }

  let before: string | null = null;

  async function openTab(): Promise<void> {
    const current = await pastDialogs(() => driver.getWindowHandle());
    const old = before;
    await openVisible(current);
    before = current;
    if (old !== null) await closeBehind(old);
  }

  /**
   * MiniBrowser 2.50 opens tabs in the background, and shows them by no command; its windows are seen
   * beside each other.
   */
  async function openVisible(current: string): Promise<void> {
    let problem = "its new tabs and windows stay in the background";
    for (const type of ["tab", "window"] as const) {
      try {
        await pastDialogs(() => driver.switchTo().newWindow(type));
      } catch (cause) {
        // An end may know one of them only, or not this command of 2019 at all.
        if (!(cause instanceof error.WebDriverError)) throw cause;
        problem = `it opens no ${type} (${cause.message || cause.name})`;
        continue;
      }
      if ((await driver.executeScript("return document.visibilityState")) === "visible") return;
      await driver.close();
      await driver.switchTo().window(current);
    }
    throw new UnsupportedError(`its WebDriver gives it no second foreground tab: ${problem}`);
  }

  async function closeBehind(handle: string): Promise<void> {
    const front = await driver.getWindowHandle();
    try {
      await driver.switchTo().window(handle);
      await pastDialogs(() => driver.close());
    } catch (cause) {
      // A page may have closed itself.
      if (!(cause instanceof error.NoSuchWindowError)) throw cause;
    }
    await driver.switchTo().window(front);
  }

  return {
    capabilities: answered,
    dialogs,
    lost: watch(() => oneAtATime(dismissDialog), stopping.signal),
    navigate: (url) => oneAtATime(() => navigate(url)),
    click: ({ x, y }) =>
      oneAtATime(() =>
        driver.actions().move({ x, y, origin: Origin.VIEWPORT, duration: 0 }).click().perform(),
      ),
    openTab: () => oneAtATime(openTab),
    stop: () => stopping.abort(),
    async quit() {
      stopping.abort();
      await oneAtATime(() => driver.quit());
    },
  };
}

/**
 * WebDriver has no events. Asking for a dialog is the one question that neither waits for a navigation nor
 * disturbs it (https://w3c.github.io/webdriver/#get-alert-text), and it tells a lost tab and session as well.
 */
async function watch(ask: () => Promise<void>, stop: AbortSignal): Promise<string> {
  while (!stop.aborted) {
    try {
      await ask();
    } catch (cause) {
      if (stop.aborted) break;
      if (cause instanceof error.NoSuchWindowError) return "its tab was closed";
      // WebKitWebDriver gives no message when its browser is gone.
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
      return `its driver gave up (${reason})`;
    }
    await delay(pollIntervalMs, undefined, { signal: stop }).catch(() => {});
  }
  return "its session was closed";
}
