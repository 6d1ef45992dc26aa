import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import type { BrowserTarget, LaunchOptions } from "../../../experiments/browsers/browser.ts";
import { browserFinders, requiredBrowsers } from "../../../experiments/browsers/index.ts";
import { listProcesses } from "../../../experiments/browsers/process-table.ts";
import { untouched } from "../../../experiments/browsers/profile.ts";
import { watchLeftovers } from "./leftovers.ts";
import { startPages } from "./pages.ts";

const isCi = (process.env["CI"] ?? "") !== "";
const launchOptions: LaunchOptions = {
  ...untouched,
  headless: true,
  timeoutMs: 60_000,
  loopbackDomains: [],
};
const timeout = 90_000;

const pages = await startPages();
const fakes = mkdtempSync(join(tmpdir(), "fakes-"));
const leftovers = watchLeftovers();
after(async () => {
  leftovers[Symbol.dispose]();
  rmSync(fakes, { recursive: true });
  await pages[Symbol.asyncDispose]();
});

/** A program that calls itself a browser and then does as it is told. */
function fake(name: string, behaviour: string): string {
  const path = join(fakes, name);
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo "Fake 1.0" && exit\n${behaviour}\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

for (const finder of browserFinders) {
  const target = await finder.find();
  const isRequired = requiredBrowsers().includes(finder.id);
  const skip = target === null && !(isCi && isRequired) && `${finder.title} is not installed`;

  suite(finder.id, { skip }, () => {
    function installed(): BrowserTarget {
      assert.ok(target, `${finder.title} is not installed, and CI needs it`);
      return target;
    }

    test("says who it is", { timeout }, async () => {
      await using session = await installed().launch(launchOptions);
      assert.equal(session.identity.id, finder.id);
      assert.equal(session.identity.engine, finder.engine);
      assert.equal(session.identity.versionSource, "driver");
      assert.match(session.identity.version ?? "", /^\d+\.\d+/);
      assert.match(
        session.identity.name,
        /^(Chromium|Google Chrome|Firefox|WebKitGTK MiniBrowser)/,
      );
      assert.equal(session.profile.headless, true);
      assert.deepEqual(session.profile.means, []);
      assert.deepEqual(session.dialogs, []);
      assert.equal(session.profile.reconnectBackoff, finder.id === "firefox" ? "off" : "default");
    });

    test("opens a page that moves on to another host by itself", { timeout }, async () => {
      await using session = await installed().launch(launchOptions);
      await session.open(pages.url("t1.localhost"));
      await pages.visited("t2.localhost");
      await session.open(pages.url(`${finder.id}.localhost`));
      await pages.visited(`${finder.id}.localhost`);
    });

    test("a dialog does not stop the page, and is told", { timeout }, async () => {
      await using session = await installed().launch(launchOptions);
      const host = `${finder.id}-dialogs.localhost`;
      await session.open(pages.url(host, "/dialogs"));
      await pages.visited(host, "/after");
      assert.deepEqual(
        session.dialogs.map((words) => /^\w+: (\d)$/.exec(words)?.[1]),
        ["1", "2"],
      );
    });

    test(
      "a click is a user's gesture, in a page and in another site's frame",
      { timeout },
      async () => {
        await using session = await installed().launch(launchOptions);
        const host = `${finder.id}-click.localhost`;
        await session.open(pages.url(host, "/button"));
        await session.click({ x: 50, y: 50 });
        await pages.visited(host, "/gesture-true");
        await session.open(pages.url(host, "/frame"));
        // Chromium drops clicks on a frame that it has just shown.
        const seen = pages.visited("127.0.0.1", `/gesture-true?in=${host}`).then(() => true);
        do await session.click({ x: 50, y: 50 });
        while (!(await Promise.race([seen, delay(300, false)])));
      },
    );

    test("two of them run side by side", { timeout }, async () => {
      await using one = await installed().launch(launchOptions);
      await using two = await installed().launch(launchOptions);
      await Promise.all([
        one.open(pages.url(`${finder.id}-one.localhost`)),
        two.open(pages.url(`${finder.id}-two.localhost`)),
      ]);
    });

    test(
      "dispose ends every process and removes every file, twice if need be",
      { timeout },
      async () => {
        const session = await installed().launch(launchOptions);
        await session[Symbol.asyncDispose]();
        await session[Symbol.asyncDispose]();
        await session.gone;
        leftovers.assertNone();
      },
    );

    test("gone tells of a browser that was killed, and nothing is left", { timeout }, async () => {
      const session = await installed().launch(launchOptions);
      assert.ok(session.pid);
      process.kill(session.pid, "SIGKILL");
      assert.match(await session.gone, /^(its (process|driver) |the connection to it was closed)/);
      await assert.rejects(session.open(pages.url("t1.localhost")), /could not open http:\/\/t1/);
      await session[Symbol.asyncDispose]();
      leftovers.assertNone();
    });

    test("a binary that ends at once is a failure in words", { timeout }, async () => {
      const broken = await finder.at(fake(`${finder.id}-broken`, "echo no display >&2; exit 7"));
      // WebKitWebDriver does not tell when its browser has ended before anybody saw it.
      await assert.rejects(
        broken.launch({ ...launchOptions, timeoutMs: 5_000 }),
        (error: Error) => {
          assert.match(
            error.message,
            new RegExp(`^${finder.id} at .*-broken could not be started: `),
          );
          return true;
        },
      );
      leftovers.assertNone();
    });

    test("a binary that never gets ready is given up in time", { timeout }, async () => {
      const silent = await finder.at(fake(`${finder.id}-silent`, "while :; do sleep 1; done"));
      const launch = silent.launch({ ...launchOptions, timeoutMs: 1_000 });
      await assert.rejects(launch, /could not be started: it was not ready within 1000 ms/);
      leftovers.assertNone();
    });

    test("a path that is no program is refused", async () => {
      await assert.rejects(
        finder.at("/no/such/browser"),
        /"\/no\/such\/browser" is not an executable/,
      );
      await assert.rejects(finder.at(fakes), /is not an executable file/);
    });

    if (finder.id === "chrome") {
      test("gone tells of a tab that crashed", { timeout }, async () => {
        await using session = await installed().launch(launchOptions);
        await assert.rejects(session.open(new URL("chrome://crash")));
        assert.equal(await session.gone, "its tab crashed");
      });
    }

    if (finder.id === "webkit") {
      test("gone tells of a driver that was killed, and nothing is left", { timeout }, async () => {
        const session = await installed().launch(launchOptions);
        const browser = listProcesses().find(({ pid }) => pid === session.pid);
        assert.ok(browser);
        process.kill(browser.parent, "SIGKILL");
        assert.match(await session.gone, /^its (driver|process) /);
        await session[Symbol.asyncDispose]();
        leftovers.assertNone();
      });
    }

    test("a browser that is killed while a page loads rejects open", { timeout }, async () => {
      await using session = await installed().launch(launchOptions);
      assert.ok(session.pid);
      const opening = session.open(pages.url(`${finder.id}-killed.localhost`, "/hang"));
      await pages.visited(`${finder.id}-killed.localhost`, "/hang");
      process.kill(session.pid, "SIGKILL");
      await assert.rejects(opening);
    });
  });
}
