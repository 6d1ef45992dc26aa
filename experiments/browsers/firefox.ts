import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { Browser } from "@puppeteer/browsers";
import puppeteer, { type Page } from "puppeteer";

import type { ProfileName } from "../../model/results.ts";
import { bidiConsole, hearPage } from "./bidi-console.ts";
import {
  UnsupportedError,
  type BrowserFinder,
  type BrowserSession,
  type BrowserTarget,
  type LaunchOptions,
  type Trust,
} from "./browser.ts";
import { downloaded } from "./downloaded-browsers.ts";
import { onPath } from "./executable.ts";
import { findFirst, openBinary } from "./finder.ts";
import type { Home } from "./home.ts";
import { startLives, type Life } from "./lives.ts";
import { assertInstallable, contentsFor, createDatabase } from "./nss.ts";
import { nameOperatingSystem } from "./operating-system.ts";
import { presentedCertificate } from "./presented-certificate.ts";
import {
  clickByScript,
  dismissDialogs,
  keptByNoPrivateWindow,
  navigate,
  onlooker,
  watchTabs,
} from "./puppeteer-session.ts";
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
const preferences: Preferences = {
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
};

/** After a failed WebSocket, Firefox delays the next one to the same host, by seconds in the end. */
const withoutBackoff: Preferences = { "network.websocket.delay-failed-reconnects": false };

type Preferences = Readonly<Record<string, string | number | boolean>>;

/** Values of cookieBehavior: 0 accepts all cookies, 1 none of third parties (nsICookieService.idl). */
const profilePreferences: Readonly<Record<ProfileName, Preferences>> = {
  default: {},
  "third-party-allowed": { "network.cookie.cookieBehavior": 0 },
  "third-party-blocked": { "network.cookie.cookieBehavior": 1 },
  private: { "browser.privatebrowsing.autostart": true },
  // It is what `withoutBackoff` is left out for.
  "reconnect-backoff": {},
};

/**
 * The preferences that make domains and all names below them mean this machine; in fact all names,
 * because Firefox knows no wildcard for some (`network.dns.localDomains` wants each name). Unlike
 * `network.dns.native-is-localhost` this one keeps Firefox from asking DNS for HTTPS records too.
 */
export function loopbackPreferences(domains: readonly string[]): Preferences {
  return domains.length === 0 ? {} : { "network.dns.forceResolve": "127.0.0.1" };
}

/** Has Firefox answer its own question about Storage Access; a page still needs a user's gesture to have it put. */
const storageAccessPreferences: Preferences = {
  "dom.storage_access.prompt.testing": true,
  "dom.storage_access.prompt.testing.allow": true,
};

function target(path: string): BrowserTarget {
  const self = { id: firefox.id, location: path };
  return {
    ...self,
    async launch(options) {
      await assertInstallable(contentsFor(options));
      return await launchAtHome(self, options, (home) => start(path, options, home));
    },
  };
}

async function start(path: string, options: LaunchOptions, home: Home): Promise<BrowserSession> {
  const { headless, trust } = options;
  const profile = join(home.path, "profile");
  await mkdir(profile);
  const hasBackoff = options.profile === "reconnect-backoff";
  const asked = {
    ...profilePreferences[options.profile],
    ...loopbackPreferences(options.loopbackDomains),
    ...(options.storageAccess === "allowed" ? storageAccessPreferences : {}),
    ...(options.clientCertificate && {
      "security.default_personal_cert": "Select Automatically",
    }),
  };
  await writeFile(
    join(profile, "user.js"),
    Object.entries({ ...preferences, ...(hasBackoff ? {} : withoutBackoff), ...asked })
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(""),
  );
  const means = [
    ...Object.entries(asked).map(([name, value]) => `${name}=${value}`),
    ...(await arrangeTrust(profile, trust)),
    ...(await installCertificates(profile, options)),
  ];
  const args = ["--remote-debugging-port=0", "--profile", profile, "--no-remote", "about:blank"];
  const dialogs: string[] = [];
  async function begin(): Promise<Life> {
    const process = home.spawn(path, headless ? ["--headless", ...args] : args, {
      environment: { MOZ_CRASHREPORTER_DISABLE: "1" },
    });
    const [, endpoint = ""] = await process.line(/^WebDriver BiDi listening on (ws:\/\/\S+)/);
    const browser = await puppeteer.connect({
      ...onlooker,
      acceptInsecureCerts: trust.kind === "accept-any",
      protocol: "webDriverBiDi",
      // The address of a new session (https://w3c.github.io/webdriver-bidi/#transport).
      browserWSEndpoint: `${endpoint}/session`,
    });
    const first = (await browser.pages())[0] ?? (await browser.newPage());
    const { onConsole } = options;
    const tabs = await watchTabs(browser, first, {
      newPage: () => browser.newPage(),
      async prepare(page) {
        dismissDialogs(page, dialogs);
        if (onConsole) hearPage(page, onConsole);
      },
    });
    return { process, browser, tabs };
  }
  const lives = await startLives(begin, options.timeoutMs);

  return createSession({
    identity: {
      id: firefox.id,
      name: "Firefox",
      version: (await lives.current().browser.version()).replace(/^firefox\//i, ""),
      engine: firefox.engine,
      os: nameOperatingSystem(),
      driver: "puppeteer-bidi",
      versionSource: "driver",
    },
    profile: {
      ...profileOf(options, means),
      reconnectBackoff: hasBackoff ? "default" : "off",
    },
    pid: () => lives.pid(),
    dialogs,
    console: bidiConsole,
    losses: [lives.lost],
    navigate: async (url) => load(lives.current().tabs.page(), url),
    click: async (point) => clickByScript(lives.current().tabs.page(), point),
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

/** Returns what was done, in words. */
async function arrangeTrust(profile: string, trust: Trust): Promise<readonly string[]> {
  switch (trust.kind) {
    case "default":
      return [];
    case "accept-any":
      return ["acceptInsecureCerts"];
    case "authority":
      return [];
    case "exception": {
      const { hostname, port } = trust.url;
      const { fingerprint256 } = await presentedCertificate(trust.url);
      // As Firefox 153 writes it itself when a user accepts the risk and continues: for one port, and
      // with no origin attributes after the second colon.
      const columns = [`${hostname}:${port || 443}:`, sha256, fingerprint256, ""];
      await writeFile(join(profile, "cert_override.txt"), `${columns.join("\t")}\n`);
      return ["exception in cert_override.txt"];
    }
  }
}

async function installCertificates(
  profile: string,
  options: LaunchOptions,
): Promise<readonly string[]> {
  const contents = await createDatabase(profile, contentsFor(options));
  return contents.map((what) => `${what} in cert9.db`);
}

/** The OID of the digest that a fingerprint in cert_override.txt is made with (RFC 5754, section 2.2). */
const sha256 = "OID.2.16.840.1.101.3.4.2.1";

/** Loads a page, or says in Firefox's own words why not. */
async function load(page: Page, url: URL): Promise<void> {
  try {
    await navigate(page, url);
  } catch (cause) {
    // Firefox 153 was seen not to report the next failure to who navigates on from its error page.
    await page.goto("about:blank", { timeout: 5_000 }).catch(() => {});
    const message = cause instanceof Error ? cause.message : String(cause);
    // The rest is a stack of its remote agent's.
    const reason = /NS_ERROR_\w+(\([^)]*\))?/.exec(message)?.[0] ?? message;
    throw new Error(`Firefox did not load ${url.href}: ${reason}`, { cause });
  }
}
