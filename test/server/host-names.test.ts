import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hostsForOthers, isLoopback, isLoopbackOnly } from "../../server/addresses.ts";
import { homeFor, localHome, neighbourHost, pageHost } from "../../server/host-names.ts";
import { needsOwnHost } from "../../server/shared-host.ts";
import type { AttemptPlan } from "../../model/trial.ts";
import { techniques } from "../../techniques/index.ts";

const walk = "0123456789abcdef";

suite("the hosts of a visitor's trials", () => {
  const rows: readonly [came: string, service: string | null, home: unknown][] = [
    ["localhost", "nip.io", localHome],
    ["t3-abc.localhost", "nip.io", localHome],
    ["127.0.0.1", "nip.io", localHome],
    ["[::1]", "nip.io", localHome],
    ["192.0.2.7", "nip.io", { hostname: "192.0.2.7", names: "192-0-2-7.nip.io" }],
    ["192.0.2.7", "sslip.io", { hostname: "192.0.2.7", names: "192-0-2-7.sslip.io" }],
    ["192.0.2.7", null, { hostname: "192.0.2.7", names: null }],
    ["[fd00::2]", "nip.io", { hostname: "[fd00::2]", names: null }],
    [`t0-${walk}.192-0-2-7.nip.io`, "nip.io", { hostname: "192.0.2.7", names: "192-0-2-7.nip.io" }],
    [`www.t0-${walk}.example.com`, "nip.io", null],
  ];
  for (const [came, service, home] of rows) {
    test(`who came by ${came}, with ${service ?? "no service"}`, () => {
      assert.deepEqual(homeFor(came, service), home);
    });
  }

  test("each is below the names, and all are the visitor's own without any", () => {
    const home = { hostname: "192.0.2.7", names: "192-0-2-7.nip.io" };
    assert.equal(pageHost(`t0-${walk}`, "same-host", home), `t0-${walk}.192-0-2-7.nip.io`);
    assert.equal(pageHost(`t0-${walk}`, "same-origin", { ...home, names: null }), "192.0.2.7");
    assert.equal(pageHost(`t0-${walk}`, "same-site", home), `www.t0-${walk}.example.com`);
  });

  test("somebody else's page is on another site: names of a DNS service are one", () => {
    const page = `t0-${walk}.192-0-2-7.nip.io`;
    assert.equal(neighbourHost(page, "same-host", "cross-site"), "192.0.2.7");
    assert.equal(neighbourHost(page, "same-host", "other-port"), page);
    assert.equal(neighbourHost("t0-x.localhost", "same-host", "cross-site"), "else-t0-x.localhost");
    const shared = neighbourHost("192.0.2.7", "same-host", "cross-site");
    assert.match(shared, /\.invalid$/u, "where there is one host only, there is none");
  });
});

suite("the addresses that others open", () => {
  const one = { netmask: "", mac: "", cidr: null };
  const interfaces = [
    { ...one, address: "127.0.0.1", family: "IPv4", internal: true },
    { ...one, address: "192.0.2.7", family: "IPv4", internal: false },
    { ...one, address: "198.51.100.7", family: "IPv4", internal: false },
    { ...one, address: "::1", family: "IPv6", internal: true, scopeid: 0 },
    { ...one, address: "fd00::2", family: "IPv6", internal: false, scopeid: 0 },
    { ...one, address: "fe80::2", family: "IPv6", internal: false, scopeid: 4 },
  ] as const;
  const rows: readonly [hosts: readonly string[], found: readonly string[]][] = [
    [["127.0.0.1", "::1"], []],
    [["0.0.0.0"], ["192.0.2.7", "198.51.100.7"]],
    [["::"], ["[fd00::2]"]],
    [["192.0.2.7"], ["192.0.2.7"]],
    [["fd00::2"], ["[fd00::2]"]],
  ];
  for (const [hosts, found] of rows) {
    test(`of a lab on ${hosts.join(" and ")}`, () => {
      assert.deepEqual(hostsForOthers(hosts, interfaces), found);
      assert.equal(isLoopbackOnly(hosts), found.length === 0);
    });
  }

  for (const [address, own] of [
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["::ffff:192.0.2.7", false],
    ["192.0.2.127", false],
    ["127.0.0.1.evil.com", false],
    ["", false],
  ] as const) {
    test(`"${address}" is ${own ? "" : "not "}this machine's to itself`, () => {
      assert.equal(isLoopback(address), own);
    });
  }
});

suite("what needs a host of its own", () => {
  const plan: AttemptPlan = { present: "fresh", user: "x", singleUse: false, expect: "accepted" };
  const attemptsOf = (more: Partial<AttemptPlan>): { attempts: AttemptPlan[] } => ({
    attempts: [plan, { ...plan, ...more }],
  });
  const rows: readonly [
    name: string,
    trial: { attempts: AttemptPlan[] },
    technique: object,
    why: RegExp | null,
  ][] = [
    ["a token in a message", attemptsOf({}), {}, null],
    ["another port of the host", attemptsOf({ from: "other-port-page" }), {}, null],
    ["a cookie", attemptsOf({}), { cookie: "c" }, /^a cookie/u],
    ["HTTP authentication", attemptsOf({}), { challenge: "Basic" }, /HTTP authentication/u],
    ["a certificate", attemptsOf({}), { asksForCertificate: true }, /certificate/u],
    ["a planted cookie", attemptsOf({ plants: true }), {}, /planted/u],
    ["a protection left out", attemptsOf({ without: "origin-check" }), {}, /protection/u],
    ["a page of another site", attemptsOf({ from: "cross-site-page" }), {}, /another site/u],
    ["a frame of another site", attemptsOf({ from: "cross-site-frame" }), {}, /another site/u],
    ["a service worker", attemptsOf({ from: "service-worker" }), {}, /worker/u],
  ];
  for (const [name, trial, technique, why] of rows) {
    test(name, () => {
      const reason = needsOwnHost(trial, technique);
      if (why === null) assert.equal(reason, null);
      else assert.match(reason ?? "", why);
    });
  }

  test("every technique that reads a cookie, or HTTP authentication, is recognised", () => {
    const ambient = techniques.filter(({ via }) => /cookie|basic|certificate/u.test(via));
    assert.ok(ambient.length > 5);
    for (const technique of ambient) {
      assert.notEqual(needsOwnHost({ attempts: [plan] }, technique), null, technique.id);
    }
  });
});
