import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { UnsupportedError, type LaunchOptions } from "../../../experiments/browsers/browser.ts";
import { webkit } from "../../../experiments/browsers/webkit.ts";

/** A WebKitWebDriver that answers as little as a session needs, and starts its browser late. */
const slowDriver = `#!${process.execPath}
const child = require("node:child_process");
const http = require("node:http");
const port = Number(process.argv.find((word) => word.startsWith("--port=")).slice(7));
http.createServer((request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ value }));
  };
  if (request.url === "/status") return answer(200, { ready: true });
  if (request.url !== "/session") return answer(404, { error: "no such alert", message: "none" });
  setTimeout(() => {
    child.spawn("sleep", ["600"], { stdio: "ignore" });
    answer(200, { sessionId: "1", capabilities: { browserVersion: "2.0" } });
  }, 5_000);
}).listen(port, "127.0.0.1");
`;

const launchOptions: LaunchOptions = {
  headless: false,
  timeoutMs: 30_000,
  profile: "default",
  trust: { kind: "default" },
  loopbackDomains: [],
};

const options = { skip: process.platform !== "linux" && "WebKitGTK is for Linux" };

/** A MiniBrowser with the slow driver beside it, in a folder that is removed afterwards. */
function openSlowBrowser(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), "slow-"));
  for (const name of ["MiniBrowser", "WebKitWebDriver"]) {
    writeFileSync(join(folder, name), slowDriver);
    chmodSync(join(folder, name), 0o755);
  }
  return {
    path: join(folder, "MiniBrowser"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test("a browser that takes its time to start has the whole launch timeout", options, async () => {
  using browser = openSlowBrowser();
  const target = await webkit.at(browser.path);
  await using session = await target.launch(launchOptions);
  assert.equal(session.identity.version, "2.0");
});

test("a launch that was given up keeps nothing running", options, () => {
  using browser = openSlowBrowser();
  const module = new URL("../../../experiments/browsers/webkit.ts", import.meta.url).href;
  const program = `
    const { webkit } = await import(${JSON.stringify(module)});
    const target = await webkit.at(${JSON.stringify(browser.path)});
    const options = ${JSON.stringify({ ...launchOptions, timeoutMs: 500, loopbackDomains: ["example.com"] })};
    const launch = target.launch(options);
    await launch.catch((error) => console.log(error.message));
  `;
  const args = ["--input-type=module", "--eval", program];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: 10_000,
  });
  assert.match(stdout, /could not be started: it was not ready within 500 ms/);
  assert.equal(status, 0);
});

test("an authority is unsupported where the system's cannot be replaced", options, async () => {
  using browser = openSlowBrowser();
  const target = await webkit.at(browser.path);
  const path = process.env["PATH"];
  process.env["PATH"] = "/nowhere";
  try {
    const launch = target.launch({
      ...launchOptions,
      trust: { kind: "authority", certificate: "" },
    });
    await assert.rejects(launch, (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, /unshare ENOENT|are not in/);
      return true;
    });
  } finally {
    process.env["PATH"] = path;
  }
});
