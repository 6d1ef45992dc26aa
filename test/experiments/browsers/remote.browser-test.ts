import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, suite, test } from "node:test";

import puppeteer from "puppeteer";

import {
  UnsupportedError,
  type BrowserTarget,
  type LaunchOptions,
} from "../../../experiments/browsers/browser.ts";
import { chrome } from "../../../experiments/browsers/chrome.ts";
import { firstExecutable, onPath } from "../../../experiments/browsers/executable.ts";
import { openHome } from "../../../experiments/browsers/home.ts";
import { untouched } from "../../../experiments/browsers/profile.ts";
import { remote } from "../../../experiments/browsers/remote.ts";
import { webkit } from "../../../experiments/browsers/webkit.ts";
import { startPages } from "./pages.ts";

const isCi = (process.env["CI"] ?? "") !== "";
const launchOptions: LaunchOptions = {
  ...untouched,
  headless: true,
  timeoutMs: 30_000,
  loopbackDomains: [],
};
const timeout = 90_000;

const pages = await startPages();
const home = await openHome();
after(async () => {
  await home[Symbol.asyncDispose]();
  await pages[Symbol.asyncDispose]();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

async function visit(target: BrowserTarget, host: string): Promise<void> {
  await using session = await target.launch(launchOptions);
  assert.equal(session.identity.id, target.id);
  assert.match(session.identity.version ?? "", /^\d+\.\d+/);
  assert.equal(session.pid, null);
  await session.open(pages.url("t1.localhost"));
  await session.open(pages.url(host));
  await pages.visited(host);

  await session.open(pages.url(`behind-${host}`, "/stay"));
  await session.openTab(pages.url(`tab-${host}`, "/stay"));
  await pages.visited(`tab-${host}`, "/visible");
  assert.ok(pages.isThere(`behind-${host}`));
  await assert.rejects(
    session.restart(),
    (error) => error instanceof UnsupportedError && /owner/.test(error.message),
  );
  await session.openTab(pages.url(`last-${host}`, "/stay"));
  await pages.left(`behind-${host}`);
}

const chromium = await chrome.find();
suite("a DevTools address", { skip: chromium === null && !isCi && "no Chrome" }, () => {
  test("lends a tab, by either address, and keeps its browser", { timeout }, async () => {
    assert.ok(chromium, "Chrome is not installed, and CI needs it");
    const browser = home.spawn(chromium.location, [
      "--headless=new",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--no-first-run",
      "--disable-background-networking",
      "--remote-debugging-port=0",
      `--user-data-dir=${join(home.path, "chrome")}`,
    ]);
    const [, socket = ""] = await browser.line(/^DevTools listening on (ws:\S+)/);
    const { host } = new URL(socket);
    await visit(remote("chrome", new URL(socket)), "devtools-ws.localhost");
    await visit(remote("my-chrome", new URL(`http://${host}`)), "devtools-http.localhost");

    const owner = await puppeteer.connect({ browserWSEndpoint: socket });
    assert.deepEqual(owner.browserContexts().length, 1, "our context was left open");
    const session = await remote("chrome", new URL(socket)).launch(launchOptions);
    await owner.close();
    assert.match(await session.gone, /closed/);
    await session[Symbol.asyncDispose]();
  });
});

const miniBrowser = await webkit.find();
suite("a WebDriver end", { skip: miniBrowser === null && !isCi && "no WebKitGTK" }, () => {
  test("lends a session, and stays", { timeout }, async () => {
    const path = await firstExecutable(onPath(["WebKitWebDriver"]));
    assert.ok(path, "WebKitWebDriver is not installed, and CI needs it");
    const display = home.spawn("Xvfb", ["-displayfd", "1"], { end: "SIGTERM" });
    const [, number] = await display.line(/^(\d+)$/);
    const port = await freePort();
    home.spawn(path, [`--port=${port}`], {
      environment: { DISPLAY: `:${number}`, DBUS_SESSION_BUS_ADDRESS: "disabled:" },
    });
    const address = new URL(`http://127.0.0.1:${port}`);
    while (!(await isListening(port)));
    await visit(remote("webkit", address), "webdriver.localhost");
    await visit(remote("some-browser", address), "webdriver-again.localhost");
  });
});

async function isListening(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/status`).then(
    ({ ok }) => ok,
    () => false,
  );
}

test("an address where nobody answers is a failure in words", { timeout }, async () => {
  const target = remote("safari", new URL(`http://127.0.0.1:${await freePort()}`));
  await assert.rejects(
    target.launch(launchOptions),
    /^Error: safari at http:.* could not be used: nothing there is a DevTools address \(.*ECONNREFUSED.*WebDriver end/,
  );
});

test("an address where somebody else answers is a failure in words", { timeout }, async () => {
  const target = remote("safari", pages.url("127.0.0.1"));
  await assert.rejects(target.launch(launchOptions), /json\/version: another kind of answer/);
});

test("a DevTools socket where nobody answers is a failure in words", { timeout }, async () => {
  const target = remote("chrome", new URL(`ws://127.0.0.1:${await freePort()}/devtools/browser/x`));
  await assert.rejects(target.launch(launchOptions), /chrome at ws:.* could not be used: /);
});

const beyond = [
  { name: "third parties' cookies allowed", options: { profile: "third-party-allowed" } },
  { name: "third parties' cookies blocked", options: { profile: "third-party-blocked" } },
  { name: "a private window", options: { profile: "private" } },
  { name: "a reconnection's delay", options: { profile: "reconnect-backoff" } },
  {
    name: "an exception",
    options: { trust: { kind: "exception", url: new URL("https://t1.localhost/") } },
  },
  { name: "an authority", options: { trust: { kind: "authority", certificate: "PEM" } } },
  { name: "a client's certificate", options: { clientCertificate: { cert: "PEM", key: "PEM" } } },
  { name: "no client's certificate", options: { clientCertificate: null } },
] satisfies { name: string; options: Partial<LaunchOptions> }[];

for (const { name, options } of beyond) {
  test(`${name} cannot be asked of a remote browser`, { timeout }, async () => {
    const target = remote("chrome", new URL(`http://127.0.0.1:${await freePort()}`));
    await assert.rejects(
      target.launch({ ...launchOptions, ...options }),
      (error) => error instanceof UnsupportedError && /owner/.test(error.message),
    );
  });
}
