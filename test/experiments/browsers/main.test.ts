import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";

import { planPackages, thisSystem } from "../../../experiments/browsers/install-plan.ts";

const main = fileURLToPath(new URL("../../../experiments/browsers/main.ts", import.meta.url));
const hasChrome = existsSync("/opt/google/chrome/chrome") && "Chrome is installed already";
const hasNoApt =
  planPackages(thisSystem(), ["chrome"]).aptPackages.length === 0 && "it needs root and apt-get";

interface Interruption {
  readonly name: string;
  readonly skip?: string | false;
  /** The environment of the run; `called` is a program that calls the test and then waits. */
  readonly environment: (called: string, port: number) => NodeJS.ProcessEnv;
}

const interruptions: readonly Interruption[] = [
  {
    name: "while a browser starts",
    environment: (called) => ({ CHROME_BIN: called }),
  },
  {
    name: "while a browser is downloaded",
    skip: hasChrome,
    environment: (_, port) => ({ HTTPS_PROXY: `http://127.0.0.1:${port}` }),
  },
  {
    name: "while apt-get runs",
    skip: hasChrome || hasNoApt,
    // Nothing listens on port 1: the download fails.
    environment: () => ({ HTTPS_PROXY: "http://127.0.0.1:1" }),
  },
];

const incompleteRuns = [
  { name: "when browsers and tools are missing", args: [], code: 3 },
  { name: "when what is there is enough", args: ["--if-possible"], code: 0 },
  {
    name: "when what is there is not enough for CI",
    args: ["--if-possible"],
    environment: { CI: "true" },
    code: 3,
  },
];

suite("npm run browsers", { skip: process.platform === "win32" && "it has no signals" }, () => {
  for (const { name, skip = false, environment } of interruptions) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      test(
        `${signal} ${name} ends it with 130, and nothing is left`,
        { skip, timeout: 30_000 },
        async () => {
          await using stage = await openStage();
          const child = spawn(process.execPath, [main], {
            env: { ...stage.environment, ...environment(stage.caller, stage.port) },
            stdio: ["ignore", "ignore", "inherit"],
          });
          const exit = once(child, "exit");
          const called = await Promise.race([stage.called, exit.then(() => null)]);
          assert.ok(called, "it ended before it was interrupted");
          child.kill(signal);
          assert.deepEqual(await exit, [130, null]);
          await called.ended;
          assert.deepEqual(readdirSync(stage.scratch), []);
          assert.deepEqual(readdirSync(stage.cache), []);
        },
      );
    }
  }

  for (const { name, args, environment = {}, code } of incompleteRuns) {
    test(`${name}, it ends with ${code}`, { timeout: 30_000 }, async () => {
      await using stage = await openStage();
      rmSync(stage.caller);
      const child = spawn(process.execPath, [main, ...args], {
        env: { ...stage.environment, CHROME_BIN: "/none", ...environment },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, "exit")]);
      assert.match(output, /^chrome   missing: .*"\/none"/m);
      assert.match(output, /^certutil missing: .*To fix it: .*(nss|NSS)/m);
      assert.match(output, /^nginx    /m);
      assert.equal(exitCode, code);
    });
  }
});

/** A machine without browsers, whose only programs call us and wait. */
async function openStage(): Promise<
  AsyncDisposable & {
    readonly environment: NodeJS.ProcessEnv;
    readonly caller: string;
    readonly port: number;
    readonly scratch: string;
    readonly cache: string;
    /** Resolves at the first call; `ended` when the one who called is gone. */
    readonly called: Promise<{ readonly ended: Promise<unknown> }>;
  }
> {
  const called = Promise.withResolvers<{ readonly ended: Promise<unknown> }>();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.resume();
    called.resolve({ ended: new Promise((resolve) => socket.once("close", resolve)) });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const { port } = address;

  const folder = mkdtempSync(join(tmpdir(), "stage-"));
  const [bin, scratch, cache] = ["bin", "scratch", "cache"].map((name) => join(folder, name));
  assert.ok(bin !== undefined && scratch !== undefined && cache !== undefined);
  for (const path of [bin, scratch, cache]) mkdirSync(path);
  const caller = join(bin, "apt-get");
  writeFileSync(
    caller,
    `#!${process.execPath}
if (process.argv[2] === "--version") console.log("Fake 1.0");
else require("node:net").connect(${port}, "127.0.0.1");
`,
  );
  chmodSync(caller, 0o755);
  return {
    environment: {
      PATH: bin,
      HOME: folder,
      TMPDIR: scratch,
      PUPPETEER_CACHE_DIR: cache,
      NODE_USE_ENV_PROXY: "1",
      // Names that are wrong: nothing is installed for them.
      FIREFOX_BIN: "/none",
      WEBKIT_BIN: "/none",
    },
    caller,
    port,
    scratch,
    cache,
    called: called.promise,
    async [Symbol.asyncDispose]() {
      server.close();
      rmSync(folder, { recursive: true });
      await once(server, "close");
    },
  };
}
