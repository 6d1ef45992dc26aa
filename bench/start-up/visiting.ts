import type { BrowserFinder, BrowserSession } from "../../experiments/browsers/browser.ts";
import type { BrowserVisits, Visit } from "./measured.ts";
import type { RunningLab } from "./starting.ts";
import { openWatchingProxy, type WatchingProxy } from "./watching-proxy.ts";

const launchTimeoutMs = 30_000;

/** Has a browser visit the first page of labs that have just started, `times` of them, twice each. */
export async function visitWith(
  finder: BrowserFinder,
  times: number,
  start: () => Promise<RunningLab>,
): Promise<BrowserVisits> {
  const target = await finder.find();
  if (target === null) return { name: finder.title, absent: "it is not installed here" };
  let name = finder.title;
  const [first, again]: [Visit[], Visit[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    await using session = await target.launch({
      headless: true,
      timeoutMs: launchTimeoutMs,
      profile: "default",
      trust: { kind: "default" },
      loopbackDomains: [],
    });
    name = `${session.identity.name} ${session.identity.version ?? ""}`.trim();
    await using lab = await start();
    await using proxy = await openWatchingProxy(lab.url);
    first.push(await visit(session, proxy));
    again.push(await visit(session, proxy));
  }
  return { name, first, again };
}

async function visit(session: BrowserSession, proxy: WatchingProxy): Promise<Visit> {
  const seen = proxy.nextVisit();
  const lost = session.gone.then((why) => {
    throw new Error(`${session.identity.name} is gone: ${why}`);
  });
  // It is also gone once it is closed, when nobody listens any more.
  lost.catch(() => {});
  const [found] = await Promise.race([Promise.all([seen, session.open(proxy.url)]), lost]);
  return found;
}
