import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { Browser } from "@puppeteer/browsers";
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

/** Firefox through Puppeteer, over WebDriver BiDi. `FIREFOX_BIN` names a binary to be used instead of the first found. */
export const firefox: BrowserFinder = {
  id: "firefox",
  title: "Firefox",
  engine: "Gecko",
  find: () => findFirst("FIREFOX_BIN", candidates, target),
  at: (path) => openBinary(path, target),
};

async function candidates(): Promise<readonly string[]> {
  return [
    ...(await downloaded(Browser.FIREFOX)),
    ...onPath(["firefox", "firefox-esr"]),
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    join(homedir(), "Applications/Firefox.app/Contents/MacOS/firefox"),
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    "C:\\Program Files (x86)\\Mozilla Firefox\\firefox.exe",
  ];
}

/**
 * Not the profile that Puppeteer makes: it accepts all third-party cookies and allows pop-ups.
 * Firefox itself sets what automation needs (RecommendedPreferences.sys.mjs in its remote agent).
 */
const preferences = {
  // After a failed WebSocket, Firefox delays the next one to the same host, by seconds in the end.
  "network.websocket.delay-failed-reconnects": false,
  "app.normandy.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.tabs.warnOnClose": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "signon.rememberSignons": false,
  "toolkit.telemetry.enabled": false,
} as const;

function target(path: string): BrowserTarget {
  const self = { id: firefox.id, location: path };
  return {
    ...self,
    launch: (options) => launchAtHome(self, options, (home) => start(path, options, home)),
  };
}

async function start(
  path: string,
  { headless, acceptInsecureCerts }: LaunchOptions,
  home: Home,
): Promise<BrowserSession> {
  const profile = join(home.path, "profile");
  await mkdir(profile);
  await writeFile(
    join(profile, "user.js"),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(""),
  );
  const args = ["--remote-debugging-port=0", "--profile", profile, "--no-remote", "about:blank"];
  const process = home.spawn(path, headless ? ["--headless", ...args] : args, {
    environment: { MOZ_CRASHREPORTER_DISABLE: "1" },
  });
  const [, endpoint = ""] = await process.line(/^WebDriver BiDi listening on (ws:\/\/\S+)/);
  const browser = await puppeteer.connect({
    ...onlooker,
    acceptInsecureCerts,
    protocol: "webDriverBiDi",
    // The address of a new session (https://w3c.github.io/webdriver-bidi/#transport).
    browserWSEndpoint: `${endpoint}/session`,
  });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  dismissDialogs(page);

  return createSession({
    identity: {
      id: firefox.id,
      name: "Firefox",
      version: (await browser.version()).replace(/^firefox\//i, ""),
      engine: firefox.engine,
      os: nameOperatingSystem(),
      driver: "puppeteer-bidi",
      versionSource: "driver",
    },
    profile: { ...profileOf({ headless, acceptInsecureCerts }), reconnectBackoff: "off" },
    pid: process.pid ?? null,
    losses: [process.exited.then((how) => `its process ${how}`), ...losses(browser, page)],
    navigate: (url) => navigate(page, url),
    async close() {
      await browser.disconnect();
      await home[Symbol.asyncDispose]();
    },
  });
}
