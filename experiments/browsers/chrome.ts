import { join } from "node:path";

import { Browser, ChromeReleaseChannel, computeSystemExecutablePath } from "@puppeteer/browsers";
import puppeteer from "puppeteer";

import type { BrowserFinder, BrowserSession, BrowserTarget, LaunchOptions } from "./browser.ts";
import { downloaded } from "./downloaded-browsers.ts";
import { onPath } from "./executable.ts";
import { findFirst, openBinary } from "./finder.ts";
import type { Home } from "./home.ts";
import { nameOperatingSystem } from "./operating-system.ts";
import { dismissDialogs, losses, navigate, onlooker } from "./puppeteer-session.ts";
import { profileOf } from "./profile.ts";
import { createSession, launchAtHome } from "./session.ts";

/** Chrome and Chromium through Puppeteer, over CDP. `CHROME_BIN` names a binary to be used instead of the first found. */
export const chrome: BrowserFinder = {
  id: "chrome",
  title: "Chrome or Chromium",
  engine: "Blink",
  find: () => findFirst("CHROME_BIN", candidates, target),
  at: (path) => openBinary(path, target),
};

async function candidates(): Promise<readonly string[]> {
  return [
    ...(await downloaded(Browser.CHROME)),
    ...onPath(["google-chrome-stable", "google-chrome", "chromium", "chromium-browser"]),
    ...systemChrome(),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ];
}

function systemChrome(): readonly string[] {
  try {
    const channel = ChromeReleaseChannel.STABLE;
    return [computeSystemExecutablePath({ browser: Browser.CHROME, channel })];
  } catch {
    return [];
  }
}

/**
 * Not Puppeteer's default switches: some of them change what a page sees (features off, pop-ups allowed).
 * These keep Chrome quiet, unthrottled and out of the user's keyring. Cookie policy is the build's own.
 */
const switches = [
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--disable-quic",
  "--disable-search-engine-choice-screen",
  "--disable-breakpad",
  "--disable-crash-reporter",
  "--metrics-recording-only",
  "--password-store=basic",
  "--use-mock-keychain",
  // A covered or unfocused window must not slow the page's timers.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  // Containers have 64 MB of /dev/shm, and Chrome crashes when it is full (https://crbug.com/736452).
  "--disable-dev-shm-usage",
  // No offers to save passwords or translate, no warning about --no-sandbox.
  "--enable-automation",
] as const;

function target(path: string, versionLine: string): BrowserTarget {
  const self = { id: chrome.id, location: path };
  return {
    ...self,
    launch: (options) =>
      launchAtHome(self, options, (home) => start(path, versionLine, options, home)),
  };
}

async function start(
  path: string,
  versionLine: string,
  { headless, acceptInsecureCerts }: LaunchOptions,
  home: Home,
): Promise<BrowserSession> {
  const profile = join(home.path, "profile");
  const process = home.spawn(path, [
    ...switches,
    // Chrome refuses to run as root with its sandbox (https://crbug.com/638180).
    ...(isRoot() ? ["--no-sandbox"] : []),
    ...(acceptInsecureCerts ? ["--ignore-certificate-errors"] : []),
    ...(headless ? ["--headless=new", "--mute-audio"] : []),
    `--user-data-dir=${profile}`,
    "--remote-debugging-port=0",
    "about:blank",
  ]);
  const [, browserWSEndpoint = ""] = await process.line(/^DevTools listening on (ws:\/\/\S+)/);
  const browser = await puppeteer.connect({ ...onlooker, browserWSEndpoint });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  dismissDialogs(page);

  return createSession({
    identity: {
      id: chrome.id,
      name: productName(versionLine),
      version: versionOf(await browser.version()),
      engine: chrome.engine,
      os: nameOperatingSystem(),
      driver: "puppeteer-cdp",
      versionSource: "driver",
    },
    profile: profileOf({ headless, acceptInsecureCerts }),
    pid: process.pid ?? null,
    losses: [process.exited.then((how) => `its process ${how}`), ...losses(browser, page)],
    navigate: (url) => navigate(page, url),
    async close() {
      await browser.disconnect();
      await home[Symbol.asyncDispose]();
    },
  });
}

function isRoot(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

/** "Chromium 156.0.1.2 built on Debian" → "Chromium". DevTools says "Chrome" for both. */
function productName(versionLine: string): string {
  return versionLine.replace(/ *\d.*/, "") || "Chrome";
}

/** "HeadlessChrome/156.0.1.2" → "156.0.1.2" */
function versionOf(product: string): string {
  return product.slice(product.indexOf("/") + 1);
}
