import { setTimeout as delay } from "node:timers/promises";

import { Capabilities, error, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";

import { pageLoadTimeoutMs } from "./session.ts";

const pollIntervalMs = 1_000;

/** A session at a W3C WebDriver end. It is watched from the beginning until `stop` or `quit`. */
export interface WebDriverLink {
  readonly capabilities: Capabilities;
  /** Resolves, with the reason in words, when the session or its tab is lost. Never rejects. */
  readonly lost: Promise<string>;
  navigate(url: URL): Promise<void>;
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
      unhandledPromptBehavior: "dismiss",
      timeouts: { pageLoad: pageLoadTimeoutMs },
    }),
  );
  const answered = await driver.getCapabilities();
  const stopping = new AbortController();

  // WebKitWebDriver 2.50 was seen to forget a navigation that begins while another command is not answered.
  let last: Promise<unknown> = Promise.resolve();
  function oneAtATime<T>(command: () => Promise<T>): Promise<T> {
    const answer = last.then(command, command);
    last = answer;
    return answer;
  }

  return {
    capabilities: answered,
    lost: watch(() => oneAtATime(() => dismissDialog(driver)), stopping.signal),
    navigate: (url) => oneAtATime(() => driver.get(url.href)),
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
      return `its driver gave up (${cause instanceof Error ? cause.message : String(cause)})`;
    }
    await delay(pollIntervalMs, undefined, { signal: stop }).catch(() => {});
  }
  return "its session was closed";
}

async function dismissDialog(driver: WebDriver): Promise<void> {
  try {
    const dialog = await driver.switchTo().alert();
    await dialog.dismiss();
  } catch (cause) {
    if (!(cause instanceof error.NoSuchAlertError)) throw cause;
  }
}
