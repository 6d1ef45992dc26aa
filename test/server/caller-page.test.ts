import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Caller, Trial } from "../../model/trial.ts";
import { ask } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

function trialFrom(from: Caller): Trial {
  return {
    technique: "first-message",
    scenario: "test",
    placement: "same-host",
    scheme: "ws",
    definition: "test",
    attempts: [{ present: "fresh", user: "alice", singleUse: false, from, expect: "accepted" }],
  };
}

suite("the page of a caller in a frame", () => {
  test("may be framed by the trial's page alone", async () => {
    await using lab = await startTestLab();
    const walk = lab.walks.start([trialFrom("frame")], "nowhere");
    const page = walk.address(0);
    const answer = await ask(`${page.href}/caller`);
    assert.equal(answer.status, 200);
    const policy = String(answer.headers["content-security-policy"]);
    assert.ok(policy.includes(`frame-ancestors 'self' ${page.origin};`), policy);
    assert.ok(policy.includes(`default-src ${page.origin};`), policy);
    const trial = await ask(page);
    assert.match(String(trial.headers["content-security-policy"]), /frame-ancestors 'none'/u);
  });

  const rows: readonly (readonly [string, (page: URL, port: string) => string])[] = [
    ["another host", (page, port) => `http://localhost:${port}${page.pathname}/caller`],
    ["another trial", (page) => `${page.href}1/caller`],
    ["an unknown walk", (page) => `${page.origin}/runs/unknown/trials/0/caller`],
  ];
  for (const [name, url] of rows) {
    test(`is not there for ${name}`, async () => {
      await using lab = await startTestLab();
      const walk = lab.walks.start([trialFrom("frame")], "nowhere");
      assert.equal((await ask(url(walk.address(0), lab.url.port))).status, 404);
    });
  }
});

suite("what pages without an origin load", () => {
  for (const path of [
    "/assets/caller.ts",
    "/techniques/first-message/browser.ts",
    "/libraries/mqtt/dist/mqtt.esm.js",
  ]) {
    test(`${path} is there for every origin`, async () => {
      await using lab = await startTestLab();
      const { status, headers } = await ask(new URL(path, lab.url), {
        headers: { Origin: "null" },
      });
      assert.equal(status, 200);
      assert.equal(headers["access-control-allow-origin"], "*");
    });
  }

  for (const path of ["/", "/endpoints", "/api/techniques"]) {
    test(`${path} is not`, async () => {
      await using lab = await startTestLab();
      const { headers } = await ask(new URL(path, lab.url), { headers: { Origin: "null" } });
      assert.equal(headers["access-control-allow-origin"], undefined);
    });
  }
});

suite("the script of a service worker", () => {
  test("imports the technique's half", async () => {
    await using lab = await startTestLab();
    const url = new URL("/techniques/first-message/service-worker.ts", lab.url);
    const { status, headers, body } = await ask(url);
    assert.equal(status, 200);
    assert.match(headers["content-type"] ?? "", /^text\/javascript/u);
    assert.match(body, /from "\/techniques\/first-message\/browser\.ts"/u);
  });

  test("is not there for a technique that is not", async () => {
    await using lab = await startTestLab();
    const url = new URL("/techniques/nothing/service-worker.ts", lab.url);
    assert.equal((await ask(url)).status, 404);
  });
});
