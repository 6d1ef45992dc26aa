import type { BrowserTarget } from "../../experiments/browsers/browser.ts";
import { busyMs } from "./busy.ts";
import type { BlankPage, FloorPlan } from "./floor-plan.ts";
import { openFloorServer, type FloorServer } from "./floor-server.ts";

/** What one browser took for its part of the floor. */
export interface BrowserFloor {
  readonly browser: string;
  readonly pages: number;
  /** For launching it, all its pages, and closing it. */
  readonly tookMs: number;
  /** For its pages alone, from opening the first one. */
  readonly pagesMs: number;
}

/** What cannot be done faster: the same browsers, side by side, with as many blank pages and bare connections. */
export interface Floor {
  readonly browsers: readonly BrowserFloor[];
  readonly tookMs: number;
  /** As in MadeRun. */
  readonly busyMs: number;
}

const launchTimeoutMs = 30_000;

/** Measures the floor. Rejects when a browser does not start, or a page or a connection is lost. */
export async function measureFloor(
  plans: readonly FloorPlan[],
  targets: ReadonlyMap<string, BrowserTarget>,
  signal: AbortSignal,
): Promise<Floor> {
  const startedAt = performance.now();
  const busyBefore = busyMs();
  await using server = await openFloorServer();
  const browsers = await Promise.all(
    plans.map(async (plan) => {
      const target = targets.get(plan.browser);
      if (target === undefined) throw new Error(`${plan.browser} was in the run, and is not here`);
      return await walkIn(target, plan, server, signal);
    }),
  );
  return { browsers, tookMs: performance.now() - startedAt, busyMs: busyMs() - busyBefore };
}

async function walkIn(
  target: BrowserTarget,
  { browser, launches, pages, loopbackDomains }: FloorPlan,
  server: FloorServer,
  signal: AbortSignal,
): Promise<BrowserFloor> {
  const startedAt = performance.now();
  let pagesMs = 0;
  for (const share of sharesOf(pages, launches)) {
    signal.throwIfAborted();
    await using session = await target.launch({
      headless: true,
      timeoutMs: launchTimeoutMs,
      profile: "default",
      trust: { kind: "accept-any" },
      loopbackDomains,
      storageAccess: "allowed",
    });
    const openedAt = performance.now();
    const { entrance, ended } = server.walk(share);
    const lost = session.gone.then((why) => {
      throw new Error(`${browser} died: ${why}`);
    });
    // It is also gone once it is closed, when nobody listens any more.
    lost.catch(() => {});
    await Promise.race([Promise.all([session.open(entrance), ended]), lost, aborted(signal)]);
    pagesMs += performance.now() - openedAt;
  }
  return { browser, pages: pages.length, tookMs: performance.now() - startedAt, pagesMs };
}

/** So many parts, as even as possible; none of them empty. */
export function sharesOf(
  pages: readonly BlankPage[],
  count: number,
): readonly (readonly BlankPage[])[] {
  const bounds = Array.from({ length: count + 1 }, (_, index) =>
    Math.round((index * pages.length) / count),
  );
  return bounds
    .slice(1)
    .map((end, index) => pages.slice(bounds[index], end))
    .filter((share) => share.length > 0);
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
  return promise;
}
