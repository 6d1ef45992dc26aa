import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { ProfileName } from "../../model/results.ts";
import {
  UnsupportedError,
  type BrowserFinder,
  type BrowserSession,
  type BrowserTarget,
  type ConsoleSource,
  type LaunchOptions,
} from "./browser.ts";
import { firstExecutable, isExecutable, matching, onPath } from "./executable.ts";
import { freePorts } from "./free-ports.ts";
import type { Home, Resident } from "./home.ts";
import { openLoopbackProxy } from "./loopback-proxy.ts";
import { nameOperatingSystem } from "./operating-system.ts";
import { listProcesses } from "./process-table.ts";
import { profileOf } from "./profile.ts";
import { createSession, launchAtHome } from "./session.ts";
import { openLink } from "./webdriver-session.ts";
import { arrangeTrust, assertArrangeable } from "./webkit-trust.ts";

/** How often the browser's process is looked for. */
const lookIntervalMs = 300;

/**
 * WebKitGTK's test browser through WebKitWebDriver. It shares an engine with Safari, not a network stack:
 * it is not Safari. `WEBKIT_BIN` names a MiniBrowser to be used instead of the first found.
 */
export const webkit: BrowserFinder = {
  id: "webkit",
  title: "WebKitGTK MiniBrowser",
  engine: "WebKit",
  async find() {
    const named = process.env["WEBKIT_BIN"];
    if (named !== undefined && named !== "") return await open(named, "WEBKIT_BIN");
    const [miniBrowser] = await matching(miniBrowserPatterns);
    if (miniBrowser === undefined) return null;
    const driver = await findDriver(miniBrowser);
    const xvfb = await firstExecutable(onPath(["Xvfb"]));
    return driver === null || xvfb === null ? null : target(miniBrowser, driver);
  },
  at: (path) => open(path, "The path"),
};

/** Debian and Ubuntu, Arch, Fedora. 6.0 and 4.1 are APIs, for GTK 4 and GTK 3. */
const miniBrowserPatterns = [
  "/usr/lib/*/webkit{2,}gtk-*/MiniBrowser",
  "/usr/lib/webkit{2,}gtk-*/MiniBrowser",
  "/usr/libexec/webkit{2,}gtk-*/MiniBrowser",
] as const;

async function findDriver(miniBrowser: string): Promise<string | null> {
  const beside = join(dirname(miniBrowser), "WebKitWebDriver");
  return await firstExecutable([beside, ...onPath(["WebKitWebDriver"])]);
}

async function open(path: string, origin: string): Promise<BrowserTarget> {
  if (!(await isExecutable(path))) {
    throw new Error(`${origin} "${path}" is not an executable file. Name a MiniBrowser binary.`);
  }
  const driver = await findDriver(path);
  if (driver === null) {
    throw new Error(
      `There is no WebKitWebDriver beside "${path}" or on the PATH. Install webkit2gtk-driver.`,
    );
  }
  return target(path, driver);
}

function target(miniBrowser: string, driver: string): BrowserTarget {
  const self = { id: webkit.id, location: miniBrowser };
  return {
    ...self,
    async launch(options) {
      const switches = switchesFor(options.profile);
      assertNoCertificate(options);
      await assertArrangeable(options.trust);
      return await launchAtHome(self, options, (home) =>
        start(miniBrowser, driver, options, switches, home),
      );
    },
  };
}

/**
 * MiniBrowser's switches that make a profile. Without any, a third party sets no cookie, and is sent
 * those that it set when it was visited itself.
 */
function switchesFor(profile: ProfileName): readonly string[] {
  switch (profile) {
    case "default":
    case "reconnect-backoff":
      return [];
    case "third-party-allowed":
      return ["--cookies-policy=always"];
    case "third-party-blocked":
      // Unlike --cookies-policy=no-third-party, which is the default, it withholds the old ones too.
      return ["--enable-itp"];
    case "private":
      // https://github.com/WebKit/WebKit/blob/main/Tools/MiniBrowser/gtk/main.c
      throw new UnsupportedError(
        "under automation every window of MiniBrowser is private, so that its default profile is this one already",
      );
  }
}

/** See webViewAuthenticate in https://github.com/WebKit/WebKit/blob/main/Tools/MiniBrowser/gtk/BrowserTab.c */
function assertNoCertificate({ clientCertificate }: LaunchOptions): void {
  if (clientCertificate === undefined) return;
  throw new UnsupportedError(
    "MiniBrowser keeps no clients' certificates: when a server wants one it asks its user for a file, which WebDriver cannot answer",
  );
}

/**
 * MiniBrowser takes WebKit's setting `--enable-write-console-messages-to-stdout=true`, but WebKit prints
 * nothing for windows that are private
 * (https://github.com/WebKit/WebKit/blob/main/Source/WebCore/page/PageConsoleClient.cpp).
 */
const webkitConsole: ConsoleSource = {
  heard: false,
  reason:
    "WebDriver does not tell of the console, and WebKitGTK prints none for private windows, which all of MiniBrowser's are under automation",
};

/** What goes past the proxy, as it goes without one. */
const directHosts = ["localhost", "*.localhost", "127.0.0.0/8", "::1"] as const;

async function start(
  miniBrowser: string,
  driverPath: string,
  { headless, profile, trust, loopbackDomains }: LaunchOptions,
  switches: readonly string[],
  home: Home,
): Promise<BrowserSession> {
  await using opened = new AsyncDisposableStack();
  const args = ["--automation", ...switches];
  const means = [...switches];
  if (loopbackDomains.length > 0) {
    const { url } = opened.use(await openLoopbackProxy(loopbackDomains));
    // By switch: WebKitGTK 2.50 ignores `socksProxy` in the capability `proxy`, and sends ws to an
    // HTTP proxy as GET ws://… instead of CONNECT.
    means.push(`SOCKS proxy for ${loopbackDomains.join(", ")}`);
    args.push(`--proxy=${url}`, ...directHosts.map((host) => `--ignore-host=${host}`));
  }
  const arrangement = await arrangeTrust(trust, home);
  const { prefix, acceptInsecureCerts, certificates } = arrangement;
  means.push(...arrangement.means);
  const environment = headless ? await ownDisplay(home) : {};
  const { resident, server } = await startDriver(prefix, driverPath, home, environment);
  const stop = new AbortController();
  const ended = Promise.race([
    resident.exited.then((how) => `its driver ${how}`),
    browserEnd(resident, stop.signal),
  ]);
  // Also when the launch is given up: its home ends the driver.
  void resident.exited.then(() => stop.abort());
  const link = await Promise.race([
    openLink(server, {
      acceptInsecureCerts,
      "webkitgtk:browserOptions": { binary: miniBrowser, args, certificates },
    }),
    ended.then((how) => {
      throw new Error(`${how}. ${resident.lastWords()}`.trim());
    }),
  ]);

  const browser = childOf(resident);
  const resources = opened.move();
  return createSession({
    identity: {
      id: webkit.id,
      name: "WebKitGTK MiniBrowser",
      version: link.capabilities.getBrowserVersion() ?? null,
      engine: webkit.engine,
      os: nameOperatingSystem(),
      driver: "webdriver",
      versionSource: "driver",
    },
    profile: profileOf({ headless, profile, trust }, means),
    dialogs: link.dialogs,
    pid: () => browser,
    console: webkitConsole,
    losses: [ended, link.lost],
    navigate: (url) => link.navigate(url),
    click: (point) => link.click(point),
    openTab: () => link.openTab(),
    async restart() {
      throw new UnsupportedError(
        "under automation every window of MiniBrowser is private: no profile would be kept",
      );
    },
    async close() {
      link.stop();
      stop.abort();
      await home[Symbol.asyncDispose]();
      await resources.disposeAsync();
    },
  });
}

/** Starts an X server of our own: WebKitGTK has no headless mode. `-displayfd` lets it pick a free number itself. */
async function ownDisplay(home: Home): Promise<NodeJS.ProcessEnv> {
  const args = ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"];
  // Ended by SIGTERM it removes its lock and socket, which are outside of the home.
  const server = home.spawn("Xvfb", args, { end: "SIGTERM" });
  const [, number = ""] = await server.line(/^(\d+)$/);
  return {
    DISPLAY: `:${number}`,
    GDK_BACKEND: "x11",
    WAYLAND_DISPLAY: undefined,
    // No accessibility bus and no session bus: they would be started for us, and outlive us.
    NO_AT_BRIDGE: "1",
    GTK_A11Y: "none",
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
  };
}

/** Starts WebKitWebDriver, which cannot pick a port itself. A port that was taken meanwhile ends it; so, again. */
async function startDriver(
  prefix: readonly string[],
  path: string,
  home: Home,
  environment: NodeJS.ProcessEnv,
): Promise<{ resident: Resident; server: URL }> {
  for (let attempt = 1; ; attempt += 1) {
    const [port] = await freePorts(1);
    const [command, ...args] = [...prefix, path, "--host=127.0.0.1", `--port=${port}`];
    const resident = home.spawn(command, args, { environment });
    const server = new URL(`http://127.0.0.1:${port}/`);
    const decided = new AbortController();
    const isReady = ready(server, decided.signal).then(() => null);
    const ended = await Promise.race([resident.exited, isReady]);
    decided.abort();
    if (ended === null) return { resident, server };
    if (attempt === 3) throw new Error(`${path} ${ended}. ${resident.lastWords()}`);
  }
}

async function ready(server: URL, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const answer = await fetch(new URL("status", server), { signal: stop }).catch(() => null);
    if (answer?.ok === true) return;
    await delay(10);
  }
}

/** Resolves when the browser has ended that the driver started. The driver itself does not notice. */
async function browserEnd(driver: Resident, stop: AbortSignal): Promise<string> {
  let wasThere = false;
  while (!stop.aborted) {
    const isThere = childOf(driver) !== null;
    if (wasThere && !isThere) return "its process ended";
    wasThere = isThere;
    await delay(lookIntervalMs, undefined, { signal: stop }).catch(() => {});
  }
  return "its session was closed";
}

/** The browser that the driver started. */
function childOf({ pid }: Resident): number | null {
  return listProcesses().find(({ parent }) => parent === pid)?.pid ?? null;
}
