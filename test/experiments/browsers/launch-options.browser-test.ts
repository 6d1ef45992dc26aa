import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";

import {
  UnsupportedError,
  type BrowserTarget,
  type LaunchOptions,
} from "../../../experiments/browsers/browser.ts";
import { profiles } from "../../../experiments/axes.ts";
import { browserFinders, requiredBrowsers } from "../../../experiments/browsers/index.ts";
import { untouched } from "../../../experiments/browsers/profile.ts";
import { findTool } from "../../../experiments/browsers/tools.ts";
import type { ProfileName } from "../../../model/results.ts";
import { testAuthority } from "../../authority.ts";
import { watchLeftovers } from "./leftovers.ts";
import { mark, startSites } from "./sites.ts";

const isCi = (process.env["CI"] ?? "") !== "";
const timeout = 90_000;
const base: LaunchOptions = {
  ...untouched,
  headless: true,
  timeoutMs: 60_000,
  loopbackDomains: ["example.com", "example.net"],
};

/** In what the browsers differ, of what they can be asked for. */
interface Abilities {
  /** The profiles that it can have, and what makes them. */
  readonly means: Readonly<Partial<Record<ProfileName, readonly string[]>>>;
  /** Whether what a page stores gets to the disk in the default profile. */
  readonly remembers: boolean;
  /** What `open` says of a certificate that is not trusted. */
  readonly distrust: RegExp;
  /** What a user accepts at a warning: the certificate for the host, whatever the port, or for one port. */
  readonly exceptionFor: "host" | "port";
  /** Whether certificates are installed by the tools of NSS. The others can be given none of a client. */
  readonly usesNss: boolean;
}

const abilities: Readonly<Record<string, Abilities>> = {
  chrome: {
    means: {
      default: [],
      "third-party-allowed": [
        "profile.cookie_controls_mode=0",
        "profile.block_third_party_cookies=false",
      ],
      "third-party-blocked": [
        "profile.cookie_controls_mode=1",
        "profile.block_third_party_cookies=true",
      ],
      private: ["--incognito"],
      "reconnect-backoff": [],
    },
    remembers: true,
    distrust: /ERR_CERT_AUTHORITY_INVALID/,
    exceptionFor: "host",
    usesNss: true,
  },
  firefox: {
    means: {
      default: [],
      "third-party-allowed": ["network.cookie.cookieBehavior=0"],
      "third-party-blocked": ["network.cookie.cookieBehavior=1"],
      private: ["browser.privatebrowsing.autostart=true"],
      "reconnect-backoff": [],
    },
    remembers: true,
    distrust: /SEC_ERROR_UNKNOWN_ISSUER/,
    exceptionFor: "port",
    usesNss: true,
  },
  webkit: {
    means: {
      default: [],
      "third-party-allowed": ["--cookies-policy=always"],
      "third-party-blocked": ["--enable-itp"],
      "reconnect-backoff": [],
    },
    remembers: false,
    distrust: /was not loaded/,
    exceptionFor: "host",
    usesNss: false,
  },
};

const sites = await startSites();
const leftovers = watchLeftovers();
after(async () => {
  leftovers[Symbol.dispose]();
  await sites[Symbol.asyncDispose]();
});

for (const finder of browserFinders) {
  const target = await finder.find();
  const isRequired = requiredBrowsers().includes(finder.id);
  const skip = target === null && !(isCi && isRequired) && `${finder.title} is not installed`;
  const able = abilities[finder.id];

  suite(finder.id, { skip }, () => {
    assert.ok(able, `${finder.id} has no row in the table`);
    const launch = (options: Partial<LaunchOptions>): ReturnType<BrowserTarget["launch"]> => {
      assert.ok(target, `${finder.title} is not installed, and CI needs it`);
      return target.launch({ ...base, ...options });
    };
    const isAble = (profile: ProfileName): boolean => able.means[profile] !== undefined;
    const memories = (["default", "private"] as const).filter(isAble);

    for (const profile of profiles) {
      const title = `the profile ${profile} is ${isAble(profile) ? "made by its means alone" : "refused"}`;
      test(title, { timeout }, async () => {
        const launching = launch({ profile, loopbackDomains: [] });
        if (!isAble(profile)) return await assert.rejects(launching, UnsupportedError);
        await using session = await launching;
        assert.equal(session.profile.name, profile);
        assert.deepEqual(session.profile.means, able.means[profile]);
        const isDelayOff = finder.id === "firefox" && profile !== "reconnect-backoff";
        assert.equal(session.profile.reconnectBackoff, isDelayOff ? "off" : "default");
      });
    }

    for (const profile of memories) {
      test(`names mean this machine, plainly, in the profile ${profile}`, { timeout }, async () => {
        await using session = await launch({ profile });
        for (const host of ["www.far.down.example.com", "example.net", "t1.localhost"]) {
          for (const socketHost of ["ws.t1.example.net", "example.com", "t2.localhost"]) {
            const report = sites.report();
            const socket = sites.socket("plain", socketHost);
            await session.open(sites.url("plain", host, { socket }));
            assert.deepEqual(await report, { socket: "" }, `${socketHost} from ${host}`);
          }
        }
      });
    }

    const policies = [
      { profile: "third-party-allowed", sent: ["third=1", "visited=1"] },
      { profile: "third-party-blocked", sent: [] },
    ] as const;
    for (const { profile, sent } of policies) {
      test(`a socket to a third party sends what ${profile} lets it`, { timeout }, async () => {
        await using session = await launch({ profile, trust: { kind: "accept-any" } });
        const third = "ws.t1.example.net";
        const visit = sites.report();
        await session.open(sites.url("secure", third, { cookie: "visited=1" }));
        await visit;
        const report = sites.report();
        const fetch = sites.url("secure", third, { cookie: "third=1" }).href;
        const socket = sites.socket("secure", third);
        await session.open(sites.url("secure", "www.t1.example.com", { fetch, socket }));
        const cookies = String((await report).socket).split("; ");
        assert.deepEqual(cookies.filter((cookie) => cookie !== "").toSorted(), sent);
      });
    }

    for (const profile of memories) {
      const keeps = able.remembers && profile === "default";
      const title = `what a page stores ${keeps ? "gets" : "does not get"} to the disk in the profile ${profile}`;
      test(title, { timeout }, async () => {
        await using session = await launch({ profile, trust: { kind: "accept-any" } });
        const report = sites.report();
        await session.open(sites.url("secure", "t1.localhost", { store: "" }));
        const { refusal } = await report;
        if (keeps) assert.equal(refusal, undefined);
        assert.equal(filesHold(tmpdir(), mark), keeps);
      });
    }

    test(
      "a page whose certificate is not trusted is refused, every time",
      { timeout },
      async () => {
        await using session = await launch({});
        for (const host of ["t1.localhost", "t1.localhost", "www.t1.example.com"]) {
          await assert.rejects(session.open(sites.url("secure", host)), able.distrust);
        }
        const report = sites.report();
        const socket = sites.socket("secure", "t1.localhost");
        await session.open(sites.url("plain", "t1.localhost", { socket }));
        assert.match(String((await report).socket), /^10(06|15)$/);
      },
    );

    test("any certificate is accepted when that is asked for", { timeout }, async () => {
      await using session = await launch({ trust: { kind: "accept-any" } });
      assert.equal(session.profile.certificates, "accept-any");
      const report = sites.report();
      const socket = sites.socket("elsewhere", "ws.t1.example.net");
      await session.open(sites.url("secure", "www.t1.example.com", { socket }));
      assert.deepEqual(await report, { socket: "" });
    });

    for (const profile of memories) {
      test(
        `a certificate accepted at a warning is for one ${able.exceptionFor}, in the profile ${profile}`,
        { timeout },
        async () => {
          const host = "www.t1.example.com";
          const trust = { kind: "exception", url: sites.url("secure", host) } as const;
          // Of the first page that runs: the one behind the warning does not.
          const report = sites.report();
          await using session = await launch({ profile, trust });
          assert.equal(session.profile.certificates, "exception");
          const socket = sites.socket("secure", host);
          await session.open(sites.url("secure", host, { socket }));
          assert.deepEqual(await report, { socket: "" });

          const other = sites.url("secure", "ws.t1.example.com");
          await assert.rejects(session.open(other), able.distrust);
          const otherReport = sites.report();
          const otherPort = session.open(sites.url("elsewhere", host));
          if (able.exceptionFor === "port") await assert.rejects(otherPort, able.distrust);
          else await Promise.all([otherPort, otherReport]);
        },
      );
    }

    test("an exception where nobody speaks TLS is a failure in words", { timeout }, async () => {
      const url = sites.url("plain", "t1.localhost");
      url.protocol = "https:";
      await assert.rejects(
        launch({ trust: { kind: "exception", url } }),
        /could not be started: (net::ERR_SSL|the certificate of t1)/,
      );
      leftovers.assertNone();
    });

    test("every certificate of an authority is trusted", { timeout }, async (t) => {
      assert.ok(testAuthority.authority);
      const trust = { kind: "authority", certificate: testAuthority.authority } as const;
      const launched = await launch({ trust }).catch((error: unknown) => {
        if (isCi || !(error instanceof UnsupportedError)) throw error;
        return error;
      });
      if (launched instanceof UnsupportedError) return t.skip(launched.message);
      await using session = launched;
      assert.equal(session.profile.certificates, "authority");
      const report = sites.report();
      const socket = sites.socket("elsewhere", "ws.t1.example.net");
      await session.open(sites.url("secure", "www.t1.example.com", { socket }));
      assert.deepEqual(await report, { socket: "" });
    });

    const shown = [
      { name: "a client's certificate is shown after a request", commonName: "alice" },
      { name: "no client's certificate is shown where there is none", commonName: null },
    ];
    for (const { name, commonName } of shown) {
      const title = able.usesNss ? name : `${name}: that is refused`;
      test(title, { timeout }, async () => {
        const terms = { commonName: commonName ?? "", lifetimeMs: 3_600_000 };
        const clientCertificate =
          commonName === null ? null : await sites.clientAuthority.issue(terms);
        const launching = launch({ trust: { kind: "accept-any" }, clientCertificate });
        if (!able.usesNss) return await assert.rejects(launching, UnsupportedError);
        await using session = await launching;
        const report = sites.report();
        const fetch = sites.url("asking", "ws.t1.example.net").href;
        const socket = sites.socket("asking", "ws.t1.example.net");
        await session.open(sites.url("secure", "www.t1.example.com", { fetch, socket }));
        assert.deepEqual(await report, { socket: commonName === null ? "" : `CN=${commonName}` });
      });
    }

    if (able.usesNss) {
      test("an authority is refused where it cannot be installed", { timeout }, async (t) => {
        const path = process.env["PATH"];
        process.env["PATH"] = "";
        try {
          if ((await findTool("certutil")) !== null) return t.skip("certutil is off the PATH too");
          const trust = { kind: "authority", certificate: "PEM" } as const;
          await assert.rejects(
            launch({ trust }),
            (error) => error instanceof UnsupportedError && /libnss3-tools/.test(error.message),
          );
        } finally {
          process.env["PATH"] = path;
        }
      });
    }
  });
}

function filesHold(folder: string, words: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(words));
}
