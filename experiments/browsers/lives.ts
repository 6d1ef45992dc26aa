import type { Browser } from "puppeteer";

import { within } from "./deadline.ts";
import type { Resident } from "./home.ts";
import type { Tabs } from "./puppeteer-session.ts";

const farewellMs = 2_000;

/** One life of a browser, from its start until it is quit. */
export interface Life {
  readonly process: Resident;
  readonly browser: Browser;
  readonly tabs: Tabs;
}

/** A browser that can be quit and started again. */
export interface Lives {
  /** Throws while it is being restarted, and when it did not start again. */
  current(): Life;
  pid(): number | null;
  /** Resolves, with the reason in words, when the browser is lost but by a restart. Never rejects. */
  readonly lost: Promise<string>;
  /** As in BrowserSession. */
  restart(): Promise<void>;
  disconnect(): Promise<void>;
}

/** Starts a browser, and again, each time within `timeoutMs`, whenever it is to be restarted. */
export async function startLives(start: () => Promise<Life>, timeoutMs: number): Promise<Lives> {
  const lost = Promise.withResolvers<string>();
  let life: Life | null = null;
  let isLost = false;
  async function begin(): Promise<void> {
    const begun = await start();
    life = begun;
    const lose = (reason: string): void => {
      if (begun !== life) return;
      isLost = true;
      lost.resolve(reason);
    };
    void begun.process.exited.then((how) => lose(`its process ${how}`));
    void begun.tabs.lost.then(lose);
  }
  function current(): Life {
    if (life === null) throw new Error("the browser is between two starts");
    return life;
  }
  await begin();
  return {
    current,
    pid: () => life?.process.pid ?? null,
    lost: lost.promise,
    async restart() {
      const { browser, process } = current();
      if (isLost) throw new Error(`The browser could not be restarted: ${await lost.promise}`);
      life = null;
      try {
        await browser.close();
        await within(timeoutMs, `it did not quit within ${timeoutMs} ms`, process.exited);
        await within(timeoutMs, `it was not ready within ${timeoutMs} ms`, begin());
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        lost.resolve(`its restart failed: ${reason}`);
        throw new Error(`The browser could not be restarted: ${reason}`, { cause });
      }
    },
    async disconnect() {
      if (life === null) return;
      // Over BiDi it ends the session and waits for the answer, which a browser that hangs does not give
      // before Puppeteer's own 180 s are over. Whoever disconnects ends the process next.
      const farewell = within(farewellMs, "it did not answer", life.browser.disconnect());
      await farewell.catch(() => {});
    },
  };
}
