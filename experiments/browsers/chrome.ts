import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Browser, ChromeReleaseChannel, computeSystemExecutablePath } from "@puppeteer/browsers";
import puppeteer, { type Browser as Running, type Page } from "puppeteer";

import type { ProfileName } from "../../model/results.ts";
import {
  UnsupportedError,
  type BrowserFinder,
  type BrowserSession,
  type BrowserTarget,
  type LaunchOptions,
} from "./browser.ts";
import { devToolsConsole, hearPage, hearSharedWorkers } from "./devtools-console.ts";
import { downloaded } from "./downloaded-browsers.ts";
import { onPath } from "./executable.ts";
import { findFirst, openBinary } from "./finder.ts";
import type { Home } from "./home.ts";
import { startLives, type Life } from "./lives.ts";
import { assertInstallable, contentsFor, createDatabase } from "./nss.ts";
import { nameOperatingSystem } from "./operating-system.ts";
import {
  dismissDialogs,
  keptByNoPrivateWindow,
  navigate,
  onlooker,
  watchTabs,
} from "./puppeteer-session.ts";
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

/**
 * What a profile has in Chrome's own file of preferences, as if its user had chosen so in the settings
 * (Chromium's components/content_settings/core/common/pref_names.h).
 */
const preferences: Readonly<Record<ProfileName, Readonly<Record<string, number | boolean>>>> = {
  default: {},
  "third-party-allowed": { cookie_controls_mode: 0, block_third_party_cookies: false },
  "third-party-blocked": { cookie_controls_mode: 1, block_third_party_cookies: true },
  private: {},
  "reconnect-backoff": {},
};

/**
 * Every site may have Storage Access, as after the user's yes to each; only those that ask get it. The
 * permission that DevTools can set instead is no means: in Chromium 156 a frame's requests then carry
 * cookies, and its WebSockets do not.
 */
const storageAccessPreference = { default_content_setting_values: { storage_access: 1 } } as const;

/**
 * The switches that make domains and all names below them mean this machine, and give each of these names
 * processes of its own. DNS is not asked for these. Names of one site share a process otherwise, and Chrome
 * lets connections wait in which so many others failed (Chromium's services/network/websocket_throttler.cc):
 * a trial would wait for up to five seconds because of those before it.
 */
export function loopbackSwitches(domains: readonly string[]): readonly string[] {
  if (domains.length === 0) return [];
  const rules = domains.flatMap((domain) => [
    `MAP *.${domain} 127.0.0.1`,
    `MAP ${domain} 127.0.0.1`,
  ]);
  const origins = domains.flatMap((domain) => [`http://[*.]${domain}`, `https://[*.]${domain}`]);
  return [`--host-resolver-rules=${rules.join(",")}`, `--isolate-origins=${origins.join(",")}`];
}

function target(path: string, versionLine: string): BrowserTarget {
  const self = { id: chrome.id, location: path };
  return {
    ...self,
    async launch(options) {
      await assertSupported(options);
      return await launchAtHome(self, options, (home) => start(path, versionLine, options, home));
    },
  };
}

async function assertSupported(options: LaunchOptions): Promise<void> {
  const contents = contentsFor(options);
  if (Object.keys(contents).length === 0) return;
  if (process.platform !== "linux") {
    throw new UnsupportedError(
      "Chrome takes authorities and clients' certificates from the user's own store of certificates " +
        "here, which is left alone; on Linux it reads one that can be made for it",
    );
  }
  await assertInstallable(contents);
}

async function start(
  path: string,
  versionLine: string,
  options: LaunchOptions,
  home: Home,
): Promise<BrowserSession> {
  const { headless, trust } = options;
  const profile = join(home.path, "profile");
  const asked = [
    ...loopbackSwitches(options.loopbackDomains),
    ...(options.profile === "private" ? ["--incognito"] : []),
    ...(trust.kind === "accept-any" ? ["--ignore-certificate-errors"] : []),
  ];
  const means = [
    ...asked,
    ...(await writePreferences(profile, {
      ...preferences[options.profile],
      ...(options.clientCertificate && autoSelect),
      // A private window takes no permission over from the profile.
      ...(options.storageAccess === "allowed" &&
        options.profile !== "private" &&
        storageAccessPreference),
    })),
    ...(await installCertificates(home, options)),
  ];
  const dialogs: string[] = [];
  let isFirst = true;
  async function begin(): Promise<Life> {
    const process = home.spawn(path, [
      ...switches,
      // Chrome refuses to run as root with its sandbox (https://crbug.com/638180).
      ...(isRoot() ? ["--no-sandbox"] : []),
      ...asked,
      ...(headless ? ["--headless=new", "--mute-audio"] : []),
      `--user-data-dir=${profile}`,
      "--remote-debugging-port=0",
      "about:blank",
    ]);
    const [, browserWSEndpoint = ""] = await process.line(/^DevTools listening on (ws:\/\/\S+)/);
    const browser = await puppeteer.connect({ ...onlooker, browserWSEndpoint });
    const first = (await browser.pages())[0] ?? (await browser.newPage());
    if (options.profile === "private") await assertPrivate(browser);
    // Chrome keeps in its profile what a user accepted.
    if (isFirst && trust.kind === "exception") means.push(await acceptAtWarning(first, trust.url));
    isFirst = false;
    const { onConsole } = options;
    if (onConsole) hearSharedWorkers(first.browserContext(), onConsole);
    const tabs = await watchTabs(browser, first, {
      newPage: () => first.browserContext().newPage(),
      async prepare(page) {
        dismissDialogs(page, dialogs);
        if (onConsole) await hearPage(page, onConsole);
      },
    });
    return { process, browser, tabs };
  }
  const lives = await startLives(begin, options.timeoutMs);

  return createSession({
    identity: {
      id: chrome.id,
      name: productName(versionLine),
      version: versionOf(await lives.current().browser.version()),
      engine: chrome.engine,
      os: nameOperatingSystem(),
      driver: "puppeteer-cdp",
      versionSource: "driver",
    },
    profile: profileOf(options, means),
    pid: () => lives.pid(),
    dialogs,
    console: devToolsConsole,
    losses: [lives.lost],
    navigate: async (url) => navigate(lives.current().tabs.page(), url),
    click: async ({ x, y }) => lives.current().tabs.page().mouse.click(x, y),
    openTab: async () => lives.current().tabs.open(),
    async restart() {
      if (options.profile === "private") throw new UnsupportedError(keptByNoPrivateWindow);
      await lives.restart();
    },
    async close() {
      await lives.disconnect();
      await home[Symbol.asyncDispose]();
    },
  });
}

/**
 * What the policy AutoSelectCertificateForUrls sets for all sites, without the rights that a policy
 * needs (https://chromeenterprise.google/policies/#AutoSelectCertificateForUrls).
 */
const autoSelect = {
  content_settings: {
    exceptions: { auto_select_certificate: { "*,*": { setting: { filters: [{}] } } } },
  },
};

/** Returns what was set, in words. */
async function writePreferences(
  profile: string,
  settings: Readonly<Record<string, number | boolean | object>>,
): Promise<readonly string[]> {
  const entries = Object.entries(settings);
  if (entries.length > 0) {
    await mkdir(join(profile, "Default"), { recursive: true });
    await writeFile(join(profile, "Default/Preferences"), JSON.stringify({ profile: settings }));
  }
  return entries.map(
    ([name, value]) =>
      `profile.${name}=${typeof value === "object" ? JSON.stringify(value) : value}`,
  );
}

/** Where Chrome on Linux looks for certificates that its user has added (its docs/linux/cert_management.md). */
async function installCertificates(home: Home, options: LaunchOptions): Promise<readonly string[]> {
  const contents = await createDatabase(join(home.path, ".pki/nssdb"), contentsFor(options));
  return contents.map((what) => `${what} in ~/.pki/nssdb`);
}

/** A policy (IncognitoModeAvailability) turns --incognito off, and Chrome does not say so. */
async function assertPrivate(browser: Running): Promise<void> {
  const session = await browser.target().createCDPSession();
  const { defaultBrowserContextId } = await session.send("Target.getBrowserContexts");
  const { targetInfos } = await session.send("Target.getTargets");
  await session.detach();
  for (const { type, browserContextId } of targetInfos) {
    if (type === "page" && browserContextId === defaultBrowserContextId) {
      throw new Error("its window is not private, although --incognito asked for it");
    }
  }
}

/**
 * Goes past the warning at `url` by its buttons, as a user does. Chrome remembers that for the host,
 * whatever the port.
 */
async function acceptAtWarning(page: Page, url: URL): Promise<string> {
  const refusal = await page.goto(url.href).then(
    () => new Error(`no warning came up at ${url.href}: its certificate is trusted anyway`),
    (error: unknown) => error,
  );
  if (!(refusal instanceof Error && refusal.message.startsWith("net::ERR_CERT_"))) throw refusal;
  await page.locator("#details-button").click();

  // The page behind the warning would run, so it is not even asked for. Another one must not take its
  // place: it would seem to come with a good certificate, and that ends the exception.
  const session = await page.createCDPSession();
  await session.send("Fetch.enable", { patterns: [{ resourceType: "Document" }] });
  const asked = Promise.withResolvers<string>();
  session.once("Fetch.requestPaused", ({ requestId }) => asked.resolve(requestId));
  await page.locator("#proceed-link").click();
  await session.send("Fetch.failRequest", {
    requestId: await asked.promise,
    errorReason: "Aborted",
  });
  await session.detach();
  await page.goto("about:blank");
  return "certificate accepted at the warning";
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
