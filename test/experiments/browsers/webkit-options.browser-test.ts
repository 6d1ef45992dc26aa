import assert from "node:assert/strict";
import { after, suite, test } from "node:test";

import {
  UnsupportedError,
  type BrowserSession,
  type LaunchOptions,
} from "../../../experiments/browsers/browser.ts";
import { requiredBrowsers } from "../../../experiments/browsers/index.ts";
import { untouched } from "../../../experiments/browsers/profile.ts";
import { webkit } from "../../../experiments/browsers/webkit.ts";
import { holdClosedPort } from "../../../server/closed-port.ts";
import { testAuthority } from "../../authority.ts";
import { watchLeftovers } from "./leftovers.ts";
import { startPages } from "./pages.ts";
import { startSites } from "./sites.ts";

const isCi = (process.env["CI"] ?? "") !== "";
const timeout = 90_000;

const pages = await startPages();
const sites = await startSites();
const leftovers = watchLeftovers();
after(async () => {
  leftovers[Symbol.dispose]();
  await pages[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
});

const target = await webkit.find();
const isRequired = requiredBrowsers().includes(webkit.id);
const skip = target === null && !(isCi && isRequired) && `${webkit.title} is not installed`;

async function launch(options: Partial<LaunchOptions> = {}): Promise<BrowserSession> {
  assert.ok(target, `${webkit.title} is not installed, and CI needs it`);
  return await target.launch({
    ...untouched,
    headless: true,
    timeoutMs: 60_000,
    loopbackDomains: ["example.com"],
    ...options,
  });
}

suite("webkit", { skip }, () => {
  test("a page that did not load makes open reject, with the reason", { timeout }, async () => {
    await using session = await launch();
    // A port that was free a moment ago may be another test's by now.
    await using closed = await holdClosedPort(["127.0.0.1"]);
    const dead = closed.port;
    const rows = [
      { url: new URL(`http://t1.localhost:${dead}`), reason: /t1\.localhost: Connection refused/ },
      { url: new URL(`http://t1.example.com:${dead}`), reason: /Connection refused/ },
      { url: pages.url("t1.example.net"), reason: /not allowed by ruleset/ },
      { url: new URL(pages.url("t1.localhost").href.replace("http", "https")), reason: /TLS/ },
      { url: new URL("http://t1.localhost:1/"), reason: /address is not allowed/ },
      { url: sites.url("secure", "t1.example.com"), reason: /certificate is not trusted/ },
    ];
    for (const { url, reason } of rows) {
      await session.open(pages.url("t0.localhost"));
      await assert.rejects(session.open(url), reason);
    }
    await session.open(pages.url("t0.localhost"));
  });

  test("every dialog is told of, also those that a page opens with", { timeout }, async () => {
    await using session = await launch();
    const host = "t1.example.com";
    await session.open(new URL("data:text/html,<script>alert(0)</script>"));
    await session.open(pages.url(host, "/dialogs"));
    await pages.visited(host, "/after");
    assert.deepEqual(session.dialogs, ["dialog: 0", "dialog: 1", "dialog: 2"]);
  });

  test("a browser with an authority that is killed leaves nothing", { timeout }, async (t) => {
    assert.ok(testAuthority.authority);
    const trust = { kind: "authority", certificate: testAuthority.authority } as const;
    const launched = await launch({ trust }).catch((error: unknown) => {
      if (isCi || !(error instanceof UnsupportedError)) throw error;
      return error;
    });
    if (launched instanceof UnsupportedError) return t.skip(launched.message);
    await using session = launched;
    assert.ok(session.pid);
    process.kill(session.pid, "SIGKILL");
    assert.match(await session.gone, /^its (process|driver) /);
    await session[Symbol.asyncDispose]();
    leftovers.assertNone();
  });
});

/** A port where nobody listens. */
