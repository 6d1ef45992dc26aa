import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, suite, test } from "node:test";

import {
  UnsupportedError,
  type BrowserSession,
  type LaunchOptions,
} from "../../../experiments/browsers/browser.ts";
import { browserFinders, requiredBrowsers } from "../../../experiments/browsers/index.ts";
import { untouched } from "../../../experiments/browsers/profile.ts";
import { watchLeftovers } from "./leftovers.ts";
import { cookieNames, startPages, words } from "./pages.ts";
import { startSites } from "./sites.ts";

const isCi = (process.env["CI"] ?? "") !== "";
const timeout = 90_000;
const base: LaunchOptions = {
  ...untouched,
  headless: true,
  timeoutMs: 60_000,
  loopbackDomains: [],
};

/** In what the browsers differ, of what can be done with one that runs. */
interface Abilities {
  /** Whether it can be quit and started again with what it kept. */
  readonly restarts: boolean;
  /** A page that is the end of its tab, and what `gone` says then; null: none is known. */
  readonly deadly: { readonly url: URL; readonly reason: string } | null;
  /** What its console says of a WebSocket to this address that failed; null: it cannot be heard. */
  readonly failure: ((address: string) => string) | null;
  /** Whether it waits before it tries a host again, in the profile reconnect-backoff. */
  readonly backsOff: boolean;
}

const pages = await startPages();
const sites = await startSites();
const leftovers = watchLeftovers();
after(async () => {
  leftovers[Symbol.dispose]();
  await pages[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
});

const abilities: Readonly<Record<string, Abilities>> = {
  chrome: {
    restarts: true,
    deadly: { url: new URL("chrome://crash"), reason: "its tab crashed" },
    failure: (address) => `WebSocket connection to '${address}' failed: `,
    backsOff: false,
  },
  firefox: {
    restarts: true,
    // With no page before it a page may close its tab (https://html.spec.whatwg.org/#script-closable).
    deadly: { url: pages.url("firefox-closing.localhost", "/close"), reason: "its tab was closed" },
    failure: (address) => `Firefox can’t establish a connection to the server at ${address}.`,
    backsOff: true,
  },
  webkit: { restarts: false, deadly: null, failure: null, backsOff: false },
};

/** What Firefox waits at least before four more tries: 200 ms, then half as much more each time (WebSocketChannel.cpp). */
const leastBackoffMs = 200 + 300 + 450 + 675;

for (const finder of browserFinders) {
  const target = await finder.find();
  const isRequired = requiredBrowsers().includes(finder.id);
  const skip = target === null && !(isCi && isRequired) && `${finder.title} is not installed`;
  const able = abilities[finder.id];

  suite(finder.id, { skip }, () => {
    assert.ok(able, `${finder.id} has no row in the table`);
    const { failure } = able;
    const launch = async (options: Partial<LaunchOptions> = {}): Promise<BrowserSession> => {
      assert.ok(target, `${finder.title} is not installed, and CI needs it`);
      return await target.launch({ ...base, ...options });
    };
    const host = (name: string): string => `${finder.id}-${name}.localhost`;

    test(
      "another tab is in the foreground; one stays behind it, and no more",
      { timeout },
      async () => {
        await using session = await launch();
        const names = ["first", "second", "third", "fourth"].map(host);
        const [first = "", second = "", third = "", fourth = ""] = names;
        await session.open(pages.url(first, "/stay"));
        for (const name of [second, third, fourth]) await session.openTab(pages.url(name, "/stay"));
        for (const name of names) {
          await pages.visited(name, "/here");
          await pages.visited(name, "/visible");
        }
        await Promise.all([pages.left(first), pages.left(second)]);
        assert.deepEqual(
          names.map((name) => pages.isThere(name)),
          [false, false, true, true],
        );
        assert.equal(await whereabouts(session), "here");
        await session.open(pages.url(first));
        assert.ok(pages.isThere(third));
      },
    );

    test("a click and a dialog are the new tab's", { timeout }, async () => {
      await using session = await launch();
      const [before, dialogs, button] = [host("before"), host("tab-dialogs"), host("tab-button")];
      await session.open(pages.url(before, "/button"));
      await session.openTab(pages.url(dialogs, "/dialogs"));
      await pages.visited(dialogs, "/after");
      assert.equal(session.dialogs.length, 2);
      await session.openTab(pages.url(button, "/button"));
      await session.click({ x: 50, y: 50 });
      await pages.visited(button, "/gesture-true");
    });

    const { deadly } = able;
    if (deadly !== null) {
      test("gone tells of the new tab's end", { timeout }, async () => {
        await using session = await launch();
        await session.open(pages.url(host("behind"), "/stay"));
        await assert.rejects(session.openTab(deadly.url));
        assert.equal(await session.gone, deadly.reason);
        await assert.rejects(session.open(pages.url(host("late"))));
      });
    }

    test("a tab that cannot be loaded is a failure in words", { timeout }, async () => {
      await using session = await launch();
      await assert.rejects(session.openTab(sites.url("secure", "t1.localhost")), /t1\.localhost/);
      await session.open(pages.url(host("then")));
    });

    if (able.restarts) {
      test("a restart keeps the profile, and no cookie of the session", { timeout }, async () => {
        const name = host("restart");
        const session = await launch();
        const { pid } = session;
        await session.open(pages.url(name, "/remember"));
        await session.open(pages.url(name));
        const { kept, session: ofSession } = cookieNames;
        assert.equal(pages.cookies(name), `${kept}=1; ${ofSession}=1`);
        await session.openTab(pages.url(name, "/stay"));
        await session.restart();
        assert.notEqual(session.pid, pid);
        assert.equal(await whereabouts(session), "here");
        await session.open(pages.url(name));
        assert.equal(pages.cookies(name), `${kept}=1`);

        await session.restart();
        await session.openTab(pages.url(name, "/dialogs"));
        await pages.visited(name, "/after");
        assert.equal(session.dialogs.length, 2);
        assert.ok(session.pid);
        process.kill(session.pid, "SIGKILL");
        assert.match(await session.gone, /^(its process |the connection to it was closed)/);
        await assert.rejects(session.restart());
        await session[Symbol.asyncDispose]();
        leftovers.assertNone();
      });

      test("what a user accepted at a warning is kept in a restart", { timeout }, async () => {
        const url = sites.url("secure", "t1.localhost");
        await using session = await launch({ trust: { kind: "exception", url } });
        await session.open(url);
        await session.restart();
        await session.open(url);
      });
    }

    const forgetful = able.restarts ? ({ profile: "private" } as const) : {};
    test(
      "a restart that would keep nothing is refused, and changes nothing",
      { timeout },
      async () => {
        await using session = await launch(forgetful);
        const { pid } = session;
        await session.open(pages.url(host("private"), "/remember"));
        await assert.rejects(
          session.restart(),
          (error) => error instanceof UnsupportedError && /private/.test(error.message),
        );
        assert.equal(session.pid, pid);
        await session.open(pages.url(host("private")));
        assert.match(pages.cookies(host("private")) ?? "", new RegExp(cookieNames.session));
      },
    );

    test("the console is heard, or it is said why not", { timeout }, async () => {
      const lines: string[] = [];
      const heard = new EventEmitter();
      const onConsole = (line: string): void => {
        lines.push(line);
        heard.emit("line");
      };
      await using session = await launch({ onConsole });
      assert.equal(session.console.heard, failure !== null);
      const names = [host("talk"), host("talk-in-tab"), host("talk-again")];
      for (const [index, name] of names.entries()) {
        if (index === 2 && able.restarts) await session.restart();
        const page = pages.url(name, "/talk");
        await (index === 1 ? session.openTab(page) : session.open(page));
        for (const [where, text] of Object.entries(words)) {
          if (failure === null) continue;
          const { host: authority } = where === "frame" ? pages.url("127.0.0.1") : page;
          const address = `ws://${authority}/?${text.replaceAll(" ", "-")}`;
          for (const expected of [text, failure(address)]) {
            while (!lines.some((line) => line.includes(expected))) await once(heard, "line");
          }
        }
        if (failure === null) continue;
        const line = lines.find((text) => text.startsWith(words.page));
        assert.equal(line, `${words.page} (${page.href})`);
        lines.length = 0;
      }
      if (failure === null) assert.deepEqual(lines, []);
    });

    test(
      "WebSockets refused on some hosts of a site delay none on another",
      { timeout },
      async () => {
        await using session = await launch({ loopbackDomains: ["example.com"] });
        const names = ["a", "b", "c", "d", "e"].map(
          (name) => `www.${finder.id}-${name}.example.com`,
        );
        for (const name of names) {
          await session.open(pages.url(name, "/retry"));
          await pages.visited(name, "/retried");
        }
        const took = names.map((name) => {
          const times = pages.handshakes(name);
          return (times.at(-1) ?? 0) - (times[0] ?? 0);
        });
        // With names in one process, Chromium lets each of the last five wait for a second at the least.
        assert.ok(Math.max(...took) < leastBackoffMs, `${took.join(", ")} ms`);
      },
    );

    for (const profile of ["default", "reconnect-backoff"] as const) {
      const waits = profile === "reconnect-backoff" && able.backsOff;
      const title = `a refused WebSocket ${waits ? "delays the next" : "does not delay the next"} in the profile ${profile}`;
      test(title, { timeout }, async () => {
        await using session = await launch({ profile });
        const name = host(profile);
        await session.open(pages.url(name, "/retry"));
        await pages.visited(name, "/retried");
        const times = pages.handshakes(name);
        assert.equal(times.length, 5);
        const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
        assert.equal(took >= leastBackoffMs, waits, `${took} ms`);
        assert.deepEqual(session.profile.means, []);
        assert.equal(session.profile.name, profile);
      });
    }
  });
}

/** Why it is gone, or that it is here. */
function whereabouts({ gone }: BrowserSession): Promise<string> {
  return Promise.race([gone, new Promise<string>((resolve) => setImmediate(resolve, "here"))]);
}
