import puppeteer, { type Browser } from "puppeteer";
import { z } from "zod";

import {
  UnsupportedError,
  type BrowserSession,
  type BrowserTarget,
  type LaunchOptions,
} from "./browser.ts";
import { loopbackSwitches } from "./chrome.ts";
import { within } from "./deadline.ts";
import { devToolsConsole, hearPage, hearSharedWorkers } from "./devtools-console.ts";
import { loopbackPreferences } from "./firefox.ts";
import { dismissDialogs, navigate, onlooker, watchTabs } from "./puppeteer-session.ts";
import { profileOf } from "./profile.ts";
import { createSession } from "./session.ts";
import { openLink, webDriverConsole } from "./webdriver-session.ts";

const farewellTimeoutMs = 3_000;

/** A browser that somebody else started. Disposing of a session closes our tab or WebDriver session, no more. */
export function remote(id: string, address: URL): BrowserTarget {
  return {
    id,
    location: address.href,
    async launch(options) {
      assertSupported(options);
      const { timeoutMs } = options;
      const session = attach(id, address, options);
      try {
        return await within(timeoutMs, `it was not ready within ${timeoutMs} ms`, session);
      } catch (cause) {
        session.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`${id} at ${address.href} could not be used: ${reason}`, { cause });
      }
    },
  };
}

function assertSupported({ profile, trust, clientCertificate }: LaunchOptions): void {
  if (profile !== "default") {
    throw new UnsupportedError(
      `a remote browser runs already, with settings that are its owner's: it cannot be given the profile "${profile}"`,
    );
  }
  if (clientCertificate !== undefined) {
    throw new UnsupportedError(
      "a remote browser shows the certificates that its owner has given it: neither DevTools nor WebDriver can give it one, or take one away",
    );
  }
  if (trust.kind === "exception" || trust.kind === "authority") {
    throw new UnsupportedError(
      "a remote browser can be told to accept any certificate, and no more: whom else it trusts is its owner's to set",
    );
  }
}

async function attach(id: string, address: URL, options: LaunchOptions): Promise<BrowserSession> {
  if (/^wss?:$/.test(address.protocol)) return await attachDevTools(id, address.href, options);
  const devTools = await ask(address, "json/version", DevTools);
  if (devTools.answer !== null) {
    return await attachDevTools(id, devTools.answer.webSocketDebuggerUrl, options);
  }
  const webDriver = await ask(address, "status", WebDriverStatus);
  if (webDriver.answer !== null) return await attachWebDriver(id, address, options);
  throw new Error(
    `nothing there is a DevTools address (${devTools.problem}) or a WebDriver end (${webDriver.problem}). ` +
      "Start the browser with --remote-debugging-port, or its WebDriver, and check host and port. " +
      "DevTools answers to IP addresses and localhost only.",
  );
}

const DevTools = z.object({ webSocketDebuggerUrl: z.string() });

/** https://w3c.github.io/webdriver/#status */
const WebDriverStatus = z.object({ value: z.object({ ready: z.boolean() }) });

async function ask<T>(
  address: URL,
  path: string,
  schema: z.ZodType<T>,
): Promise<{ answer: T; problem: null } | { answer: null; problem: string }> {
  const url = new URL(`${address.href.replace(/\/$/, "")}/${path}`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) return { answer: null, problem: `/${path}: status ${response.status}` };
    return { answer: schema.parse(await response.json()), problem: null };
  } catch (cause) {
    if (cause instanceof z.ZodError || cause instanceof SyntaxError) {
      return { answer: null, problem: `/${path}: another kind of answer` };
    }
    return { answer: null, problem: `/${path}: ${innermostMessage(cause)}` };
  }
}

/** `fetch` says "fetch failed"; why is in its cause. */
function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermostMessage(error.cause);
}

async function attachDevTools(
  id: string,
  browserWSEndpoint: string,
  options: LaunchOptions,
): Promise<BrowserSession> {
  const acceptInsecureCerts = options.trust.kind === "accept-any";
  const browser = await puppeteer.connect({ ...onlooker, browserWSEndpoint, acceptInsecureCerts });
  try {
    return await openTab(id, browser, options);
  } catch (cause) {
    await browser.disconnect();
    throw cause;
  }
}

async function openTab(
  id: string,
  browser: Browser,
  options: LaunchOptions,
): Promise<BrowserSession> {
  // Separate from what the browser's owner does, and like an incognito window: builds may be
  // stricter with third-party cookies there.
  const context = await browser.createBrowserContext();
  const dialogs: string[] = [];
  const { onConsole } = options;
  if (onConsole) hearSharedWorkers(context, onConsole);
  const tabs = await watchTabs(browser, await context.newPage(), {
    newPage: () => context.newPage(),
    async prepare(page) {
      dismissDialogs(page, dialogs);
      if (onConsole) await hearPage(page, onConsole);
    },
  });
  const [product = "", version = null] = (await browser.version()).split("/");
  const userAgent = await browser.userAgent();

  return createSession({
    identity: {
      id,
      name: product.replace("Headless", ""),
      version,
      engine: "Blink",
      os: /\(([^)]*)\)/.exec(userAgent)?.[1] ?? "unknown",
      driver: "puppeteer-cdp",
      versionSource: "driver",
    },
    profile: profileOf(
      { ...options, headless: product.startsWith("Headless") },
      trustMeans(options),
    ),
    pid: () => null,
    dialogs,
    console: devToolsConsole,
    losses: [tabs.lost],
    navigate: (url) => navigate(tabs.page(), url),
    click: ({ x, y }) => tabs.page().mouse.click(x, y),
    openTab: () => tabs.open(),
    restart: refuseRestart,
    async close() {
      await farewell(context.close());
      await browser.disconnect();
    },
  });
}

async function refuseRestart(): Promise<never> {
  throw new UnsupportedError("a remote browser is its owner's: it is not ours to quit and start");
}

function trustMeans({ trust }: LaunchOptions): readonly string[] {
  return trust.kind === "accept-any" ? ["acceptInsecureCerts"] : [];
}

/** What a WebDriver end is asked for, and who it then is. Other names are asked for as they are. */
const products: Readonly<Record<string, { name: string; browserName: string; engine: string }>> = {
  chrome: { name: "Chrome", browserName: "chrome", engine: "Blink" },
  edge: { name: "Edge", browserName: "MicrosoftEdge", engine: "Blink" },
  firefox: { name: "Firefox", browserName: "firefox", engine: "Gecko" },
  safari: { name: "Safari", browserName: "safari", engine: "WebKit" },
  webkit: { name: "WebKitGTK MiniBrowser", browserName: "MiniBrowser", engine: "WebKit" },
};

async function attachWebDriver(
  id: string,
  server: URL,
  options: LaunchOptions,
): Promise<BrowserSession> {
  const acceptInsecureCerts = options.trust.kind === "accept-any";
  const browserName = products[id]?.browserName ?? id;
  const names = loopbackOptions(browserName, options.loopbackDomains);
  let means = [...trustMeans(options), ...names.means];
  // An end with one browser may not know it by this name: then whatever it has.
  const link = await openLink(server, {
    browserName,
    acceptInsecureCerts,
    ...names.capabilities,
  }).catch(() => {
    means = [...trustMeans(options)];
    return openLink(server, { acceptInsecureCerts });
  });
  const { capabilities } = link;
  const answered = capabilities.getBrowserName() ?? id;
  const product = Object.values(products).find(
    (known) => known.browserName.toLowerCase() === answered.toLowerCase(),
  );

  return createSession({
    identity: {
      id,
      name: product?.name ?? answered,
      version: capabilities.getBrowserVersion() ?? null,
      engine: product?.engine ?? "unknown",
      os: platformOf(capabilities.get("platformName")),
      driver: "webdriver",
      versionSource: "driver",
    },
    profile: profileOf({ ...options, headless: capabilities.get("moz:headless") === true }, means),
    pid: () => null,
    dialogs: link.dialogs,
    console: webDriverConsole,
    losses: [link.lost],
    navigate: (url) => link.navigate(url),
    click: (point) => link.click(point),
    openTab: () => link.openTab(),
    restart: refuseRestart,
    close: () => farewell(link.quit()),
  });
}

/**
 * What makes domains mean the browser's own machine: a vendor's capabilities, for it starts a browser
 * for us. Other vendors have none, and whether names lead to the lab is seen when a page is opened.
 */
function loopbackOptions(browserName: string, domains: readonly string[]): LoopbackOptions {
  const none = { capabilities: {}, means: [] };
  if (domains.length === 0) return none;
  const args = loopbackSwitches(domains);
  const prefs = loopbackPreferences(domains);
  switch (browserName) {
    case "chrome":
      return { capabilities: { "goog:chromeOptions": { args } }, means: args };
    case "MicrosoftEdge":
      return { capabilities: { "ms:edgeOptions": { args } }, means: args };
    case "firefox":
      return {
        capabilities: { "moz:firefoxOptions": { prefs } },
        means: Object.entries(prefs).map(([name, value]) => `${name}=${value}`),
      };
    default:
      return none;
  }
}

interface LoopbackOptions {
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly means: readonly string[];
}

function platformOf(platformName: unknown): string {
  return typeof platformName === "string" && platformName !== "" ? platformName : "unknown";
}

/** Closing is polite, not necessary: a browser that is gone or hangs cannot be closed, and is not ours to kill. */
async function farewell(closing: Promise<void>): Promise<void> {
  await within(farewellTimeoutMs, "late", closing).catch(() => {});
}
