import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";

import type { BrowserFinder } from "../../../experiments/browsers/browser.ts";
import { planPackages, type System } from "../../../experiments/browsers/install-plan.ts";
import {
  ensureBrowsers,
  ensureTools,
  installPackages,
  type Means,
} from "../../../experiments/browsers/install.ts";

const all = ["chrome", "firefox", "webkit"];
const tools = ["certutil", "nginx"] as const;
const debian: System = { platform: "linux", isRoot: true, osRelease: { ID: "debian" } };
const ubuntu: System = {
  platform: "linux",
  isRoot: true,
  osRelease: { ID: "ubuntu", ID_LIKE: "debian" },
};
const webkitPackages = [["webkit2gtk-driver", "webkitgtk-webdriver"], ["xvfb"]];

const plans = [
  {
    name: "root on Debian installs everything in one call",
    system: debian,
    missing: all,
    apt: [["chromium"], ["firefox-esr"], ...webkitPackages],
    advice:
      "apt-get install -y --no-install-recommends chromium firefox-esr webkit2gtk-driver xvfb",
  },
  {
    name: "root on Debian installs what is missing only",
    system: debian,
    missing: ["firefox"],
    apt: [["firefox-esr"]],
    advice: "apt-get install -y --no-install-recommends firefox-esr",
  },
  {
    name: "anybody else on Debian is told to use sudo",
    system: { ...debian, isRoot: false },
    missing: ["webkit"],
    apt: [],
    advice: "sudo apt-get install -y --no-install-recommends webkit2gtk-driver xvfb",
  },
  {
    name: "Ubuntu's snaps are avoided",
    system: ubuntu,
    missing: all,
    apt: webkitPackages,
    advice:
      "apt-get install -y --no-install-recommends webkit2gtk-driver xvfb && " +
      "npx puppeteer browsers install chrome && npx puppeteer browsers install firefox",
  },
  {
    name: "a relative of Ubuntu is like Ubuntu",
    system: { ...ubuntu, osRelease: { ID: "linuxmint", ID_LIKE: "ubuntu debian" } },
    missing: ["chrome"],
    apt: [],
    advice: "npx puppeteer browsers install chrome",
  },
  {
    name: "Fedora has dnf",
    system: { platform: "linux", isRoot: false, osRelease: { ID: "fedora" } },
    missing: ["chrome", "webkit"],
    apt: [],
    advice: "sudo dnf install -y chromium webkitgtk6.0 xorg-x11-server-Xvfb",
  },
  {
    name: "macOS has brew, without sudo",
    system: { platform: "darwin", isRoot: false, osRelease: {} },
    missing: ["chrome", "firefox"],
    apt: [],
    advice: "brew install google-chrome firefox",
  },
  {
    name: "an unknown Linux gets words",
    system: { platform: "linux", isRoot: true, osRelease: {} },
    missing: ["webkit"],
    apt: [],
    advice: "install WebKitGTK's MiniBrowser, WebKitWebDriver and Xvfb (Linux only)",
  },
  {
    name: "root on Debian installs the tools",
    system: debian,
    missing: tools,
    apt: [["libnss3-tools"], ["nginx-light", "nginx"]],
    advice: "apt-get install -y --no-install-recommends libnss3-tools nginx-light",
  },
  {
    name: "Ubuntu's packages of the tools are no snaps",
    system: { ...ubuntu, isRoot: false },
    missing: tools,
    apt: [],
    advice: "sudo apt-get install -y --no-install-recommends libnss3-tools nginx-light",
  },
  {
    name: "Fedora has the tools",
    system: { platform: "linux", isRoot: true, osRelease: { ID: "fedora" } },
    missing: tools,
    apt: [],
    advice: "dnf install -y nss-tools nginx",
  },
  {
    name: "Arch has the tools",
    system: { platform: "linux", isRoot: true, osRelease: { ID: "arch" } },
    missing: tools,
    apt: [],
    advice: "pacman -S --needed nss nginx",
  },
  {
    name: "macOS has the tools, beside browsers",
    system: { platform: "darwin", isRoot: false, osRelease: {} },
    missing: ["firefox", ...tools],
    apt: [],
    advice: "brew install firefox nss nginx",
  },
  {
    name: "an unknown Linux gets words for the tools",
    system: { platform: "linux", isRoot: true, osRelease: {} },
    missing: tools,
    apt: [],
    advice: "install the certutil of NSS, Mozilla's Network Security Services && install nginx",
  },
  { name: "nothing missing, nothing done", system: debian, missing: [], apt: [], advice: "" },
] satisfies readonly { system: System; missing: readonly string[]; [key: string]: unknown }[];

for (const { name, system, missing, apt, advice } of plans) {
  test(name, () => {
    assert.deepEqual(planPackages(system, missing), { aptPackages: apt, advice });
  });
}

/** A system on which some browsers and tools are present, and what is done to it is written down. */
function pretend(options: {
  present: string[];
  system?: System;
  downloads?: string[];
  aptWorks?: boolean;
}): Means & { readonly done: string[] } {
  const { present, system = debian, downloads = [], aptWorks = true } = options;
  const done: string[] = [];
  const finders = all.map((id): BrowserFinder => {
    const target = {
      id,
      location: `/usr/bin/${id}`,
      launch: () => Promise.reject(new Error("not a real one")),
    };
    return {
      id,
      title: id,
      engine: "none",
      find: async () => (present.includes(id) ? target : null),
      at: async () => target,
    };
  });
  return {
    done,
    finders,
    findTool: async (id) =>
      present.includes(id) ? { path: `/usr/sbin/${id}`, product: `${id}/1.0` } : null,
    system,
    async download(id) {
      done.push(`download ${id}`);
      if (!downloads.includes(id)) throw new Error("no network");
      present.push(id);
    },
    async installPackages(packages) {
      done.push(`apt ${packages.map(([name]) => name).join(" ")}`);
      if (!aptWorks) throw new Error("apt-get failed");
      present.push(...all, ...tools);
    },
  };
}

const installations = [
  {
    name: "what is present is left alone",
    means: pretend({ present: [...all] }),
    done: [],
    ready: all,
  },
  {
    name: "a download that works spares the packages",
    means: pretend({ present: ["webkit"], downloads: all }),
    done: ["download chrome", "download firefox"],
    ready: all,
  },
  {
    name: "what cannot be downloaded comes from packages, in one call",
    means: pretend({ present: [], downloads: ["chrome"] }),
    done: ["download chrome", "download firefox", "apt firefox-esr webkit2gtk-driver xvfb"],
    ready: all,
  },
  {
    name: "without root nothing is installed, and the command is told",
    means: pretend({ present: ["chrome"], system: { ...debian, isRoot: false } }),
    done: ["download firefox"],
    ready: ["chrome"],
    reasons: [
      /no network.*sudo apt-get .*firefox-esr$/,
      /not installed.*sudo apt-get .*webkit2gtk/,
    ],
  },
  {
    name: "packages that fail are reported for each browser",
    means: pretend({ present: ["chrome", "firefox"], aptWorks: false }),
    done: ["apt webkit2gtk-driver xvfb"],
    ready: ["chrome", "firefox"],
    reasons: [/apt-get failed/],
  },
];

for (const { name, means, done, ready, reasons = [] } of installations) {
  test(name, async () => {
    const ensured = await ensureBrowsers(all, () => {}, { means });
    assert.deepEqual(means.done, done);
    assert.deepEqual(
      ensured.filter(({ state }) => state === "ready").map(({ id }) => id),
      ready,
    );
    const missing = ensured.flatMap((browser) =>
      browser.state === "missing" ? [`${browser.reason} ${browser.advice}`] : [],
    );
    assert.equal(missing.length, reasons.length);
    for (const [index, reason] of reasons.entries()) assert.match(missing[index] ?? "", reason);
  });
}

test("tools are found, or installed by packages, and never downloaded", async () => {
  const means = pretend({ present: ["certutil"], downloads: [...tools] });
  assert.deepEqual(await ensureTools(tools, () => {}, { means }), [
    { state: "ready", id: "certutil", path: "/usr/sbin/certutil", product: "certutil/1.0" },
    { state: "ready", id: "nginx", path: "/usr/sbin/nginx", product: "nginx/1.0" },
  ]);
  assert.deepEqual(means.done, ["apt nginx-light"]);
});

test("a tool that cannot be installed is missing, and the command is told", async () => {
  const means = pretend({ present: [], system: { ...debian, isRoot: false } });
  assert.deepEqual(await ensureTools(["nginx"], () => {}, { means }), [
    {
      state: "missing",
      id: "nginx",
      reason: "it is not installed",
      advice: "sudo apt-get install -y --no-install-recommends nginx-light",
    },
  ]);
  assert.deepEqual(means.done, []);
});

test("a variable that names no browser is reported, and nothing is installed for it", async () => {
  const means = pretend({ present: ["firefox", "webkit"] });
  const [first, ...rest] = means.finders;
  assert.ok(first);
  const misled = { ...first, find: () => Promise.reject(new Error('CHROME_BIN "/x" is wrong')) };
  const [chrome] = await ensureBrowsers(all, () => {}, {
    means: { ...means, finders: [misled, ...rest] },
  });
  assert.equal(chrome?.state === "missing" && chrome.reason, 'CHROME_BIN "/x" is wrong');
  assert.deepEqual(means.done, []);
});

const interrupted = all.map((id) => ({
  state: "missing",
  id,
  reason: "the run was interrupted",
  advice: "run it again",
}));

test("an interrupted run finds nothing", async () => {
  const means = pretend({ present: [] });
  const ensured = await ensureBrowsers(all, () => {}, { means, signal: AbortSignal.abort() });
  assert.deepEqual(ensured, interrupted);
  assert.deepEqual(means.done, []);
});

test("an interruption does not wait for a download, and nothing follows it", async () => {
  const interruption = new AbortController();
  const download = Promise.withResolvers<void>();
  const means = pretend({ present: [] });
  const log: string[] = [];
  const ensured = await ensureBrowsers(all, (line) => log.push(line), {
    signal: interruption.signal,
    means: {
      ...means,
      download() {
        interruption.abort();
        return download.promise;
      },
    },
  });
  assert.deepEqual(ensured, interrupted);
  download.reject(new Error("too late"));
  await new Promise(setImmediate);
  assert.equal(log.length, 1);
  assert.deepEqual(means.done, []);
});

test("an interrupted run finds no tool either", async () => {
  const means = pretend({ present: [...tools] });
  const ensured = await ensureTools(["nginx"], () => {}, { means, signal: AbortSignal.abort() });
  assert.deepEqual(ensured, [{ ...interrupted[0], id: "nginx" }]);
});

const skip = process.platform === "win32" && "it has no apt-get";

test("an interruption ends apt-get", { skip, timeout: 10_000 }, async () => {
  await using server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const connect = `require("node:net").connect(${address.port}, "127.0.0.1")`;
  using _ = replaceAptGet(`#!${process.execPath}\n${connect};\n`);

  const interruption = new AbortController();
  const means = { ...pretend({ present: ["chrome", "firefox"] }), installPackages };
  const ensuring = ensureBrowsers(all, () => {}, { means, signal: interruption.signal });
  const socket = await new Promise<Socket>((resolve) => server.once("connection", resolve));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {}).resume();
  interruption.abort();
  assert.deepEqual(await ensuring, interrupted);
  await ended;
});

test("packages are installed without starting their services", { skip }, async () => {
  using _ = replaceAptGet('#!/bin/sh\necho "offline: $SYSTEMD_OFFLINE"\nexit 1\n');
  const log: string[] = [];
  const { signal } = new AbortController();
  const installing = installPackages([["nginx"]], (line) => log.push(line), signal);
  await assert.rejects(installing, /apt-get failed/);
  assert.equal(log.at(-1), "offline: 1");
});

/** Puts a program in the place of apt-get. */
function replaceAptGet(text: string): Disposable {
  const folder = mkdtempSync(join(tmpdir(), "apt-"));
  const path = process.env["PATH"] ?? "";
  const aptGet = join(folder, "apt-get");
  writeFileSync(aptGet, text);
  chmodSync(aptGet, 0o755);
  process.env["PATH"] = `${folder}${delimiter}${path}`;
  return {
    [Symbol.dispose]() {
      process.env["PATH"] = path;
      rmSync(folder, { recursive: true });
    },
  };
}
