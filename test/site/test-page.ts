import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import puppeteer from "puppeteer";
import { Capabilities, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";
import { firstExecutable, onPath } from "../../experiments/browsers/executable.ts";
import { freePorts } from "../../experiments/browsers/free-ports.ts";
import { openHome } from "../../experiments/browsers/home.ts";
import type { BrowserUnderTest } from "../experiments/installed-browsers.ts";

/** A tab of a real browser that a test looks into. */
export interface TestPage extends AsyncDisposable {
  /** Opens an address and resolves when it has loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page; whatever JSON can hold. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Resolves when an expression in the page is true; rejects, with the expression, when it does not get so. */
  until(expression: string): Promise<void>;
  /**
   * What the browser's console said, what the page threw, and requests that left this machine's files
   * or failed. Empty in WebKit, whose WebDriver tells nothing.
   */
  readonly complaints: readonly string[];
  /** Where the page has asked for something. Empty in WebKit. */
  readonly requests: readonly string[];
}

/** Opens a blank tab in a browser. */
export async function openTestPage(browser: BrowserUnderTest): Promise<TestPage> {
  return browser.id === "webkit" ? await openWebKit(browser) : await openWithPuppeteer(browser);
}

const patienceMs = 20_000;

async function openWithPuppeteer(installed: BrowserUnderTest): Promise<TestPage> {
  const { id } = installed;
  assert.ok(id === "chrome" || id === "firefox", id);
  const browser = await puppeteer.launch({
    browser: id,
    executablePath: installed.target().location,
    args: id === "chrome" ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`exception: ${String(error)}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => requests.push(request.url()));
  return {
    complaints,
    requests,
    async open(url) {
      await page.goto(url, { waitUntil: "load" });
    },
    async evaluate<Value>(expression: string) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return (await page.evaluate(expression)) as Value;
    },
    async until(expression) {
      await page.waitForFunction(expression, { timeout: patienceMs, polling: 50 });
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
    },
  };
}

/** The drivers of experiments open a page and no more; this one looks into it. */
async function openWebKit(installed: BrowserUnderTest): Promise<TestPage> {
  await using opened = new AsyncDisposableStack();
  const home = opened.use(await openHome());
  const binary = installed.target().location;
  const driverPath = await firstExecutable([
    join(dirname(binary), "WebKitWebDriver"),
    ...onPath(["WebKitWebDriver"]),
  ]);
  assert.ok(driverPath !== null, "there is no WebKitWebDriver");
  const display = home.spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x1024x24"], {
    end: "SIGTERM",
  });
  const [, number = ""] = await display.line(/^(\d+)$/u);
  const [port = 0] = await freePorts(1);
  const environment = {
    DISPLAY: `:${number}`,
    GDK_BACKEND: "x11",
    WAYLAND_DISPLAY: undefined,
    NO_AT_BRIDGE: "1",
    GTK_A11Y: "none",
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
  };
  home.spawn(driverPath, ["--host=127.0.0.1", `--port=${port}`], { environment });
  const server = `http://127.0.0.1:${port}/`;
  await eventually(async () => (await fetch(`${server}status`)).ok, "WebKitWebDriver");
  const driver = WebDriver.createSession(
    new Executor(new HttpClient(server)),
    new Capabilities({ "webkitgtk:browserOptions": { binary, args: ["--automation"] } }),
  );
  await driver.getSession();
  const resources = opened.move();
  const evaluate = async <Value>(expression: string): Promise<Value> =>
    await driver.executeScript<Value>(`return (${expression});`);
  return {
    complaints: [],
    requests: [],
    open: async (url) => await driver.get(url),
    evaluate,
    until: async (expression) =>
      await eventually(async () => await evaluate<boolean>(`Boolean(${expression})`), expression),
    [Symbol.asyncDispose]: async () => await resources.disposeAsync(),
  };
}

async function eventually(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const lastAt = performance.now() + patienceMs;
  for (;;) {
    if (await isSo().catch(() => false)) return;
    assert.ok(performance.now() < lastAt, `this did not become true: ${what}`);
    await delay(50);
  }
}
