import type { Point } from "../../model/lab-api.ts";
import type { BrowserSession, BrowserTarget, LaunchOptions } from "./browser.ts";
import { within } from "./deadline.ts";
import { openHome, type Home } from "./home.ts";

/** How long a page may take to load. Trials have deadlines of their own; this one is for a browser that hangs. */
export const pageLoadTimeoutMs = 30_000;

/** What a driver knows how to do; the rest is the same for all. */
export interface SessionParts extends Pick<
  BrowserSession,
  "identity" | "profile" | "dialogs" | "console"
> {
  pid(): number | null;
  /** Each resolves, with the reason in words, at one way to lose the browser. */
  readonly losses: readonly Promise<string>[];
  navigate(url: URL): Promise<unknown>;
  click(point: Point): Promise<void>;
  /** Makes a blank tab the foreground tab, and closes those before the one that was it. */
  openTab(): Promise<void>;
  restart(): Promise<void>;
  /** Lets go of the browser. Called once, also when the browser is gone already. */
  close(): Promise<void>;
}

/** A session whose `open` notices a lost browser, and which can be disposed of more than once. */
export function createSession(parts: SessionParts): BrowserSession {
  const { identity, profile, dialogs } = parts;
  const disposed = Promise.withResolvers<string>();
  const gone = Promise.race([...parts.losses, disposed.promise]);
  let closing: Promise<void> | undefined;
  async function load(url: URL, work: () => Promise<unknown>): Promise<void> {
    const lost = gone.then((reason) => {
      throw new Error(`${identity.name} could not open ${url.href}: ${reason}.`);
    });
    const late = `${identity.name} did not load ${url.href} within ${pageLoadTimeoutMs} ms.`;
    await within(pageLoadTimeoutMs, late, Promise.race([work(), lost]));
  }
  return {
    identity,
    profile,
    get pid() {
      return parts.pid();
    },
    dialogs,
    console: parts.console,
    gone,
    open: (url) => load(url, () => parts.navigate(url)),
    openTab: (url) =>
      load(url, async () => {
        await parts.openTab();
        await parts.navigate(url);
      }),
    restart: () => parts.restart(),
    click: (point) => parts.click(point),
    [Symbol.asyncDispose]() {
      disposed.resolve("the session was closed");
      return (closing ??= parts.close());
    },
  };
}

/** Starts a browser in a new home within the time allowed, and disposes of the home when that fails. */
export async function launchAtHome(
  target: Pick<BrowserTarget, "id" | "location">,
  { timeoutMs }: LaunchOptions,
  start: (home: Home) => Promise<BrowserSession>,
): Promise<BrowserSession> {
  await using rescue = new AsyncDisposableStack();
  const home = rescue.use(await openHome());
  try {
    const late = `it was not ready within ${timeoutMs} ms`;
    const session = await within(timeoutMs, late, start(home));
    rescue.move();
    return session;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${target.id} at ${target.location} could not be started: ${reason}`, {
      cause,
    });
  }
}
