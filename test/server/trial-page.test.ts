import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import type { Walk } from "../../server/walks.ts";
import { allTrials } from "../all-trials.ts";
import { ask } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

const first = allTrials.slice(0, 1);

suite("a trial's page", () => {
  test("is one document, and its policy allows its own script by its digest alone", async () => {
    await using lab = await startTestLab();
    const walk = lab.walks.start(first, "nowhere");
    const { body, headers } = await ask(walk.address(0));
    const script = /<script type="module">(?<script>[^]*?)<\/script>/u.exec(body)?.groups?.[
      "script"
    ];
    assert.ok(script !== undefined);
    const digest = createHash("sha256").update(script).digest("base64");
    const policy = String(headers["content-security-policy"]);
    assert.ok(policy.includes(`; script-src 'self' 'sha256-${digest}';`), policy);
    assert.match(policy, /frame-ancestors 'none'/u);
    assert.doesNotMatch(policy, /unsafe/u);
    assert.deepEqual(body.match(/(?:src|href)="[^"]*"/gu), ['href="data:,"']);
  });

  test("leaves techniques' halves where learners read them", async () => {
    await using lab = await startTestLab();
    const { body } = await ask(lab.walks.start(first, "nowhere").address(0));
    assert.match(body, /import\(`\/techniques\/\$\{\w+\}\/browser\.ts`\)/u);
    assert.doesNotMatch(body, /from ?"/u);
  });

  test("is styled, and shows how far it is, where somebody watches", async () => {
    await using lab = await startTestLab();
    const page = async (to: Parameters<Lab["walks"]["start"]>[1]): Promise<string> =>
      (await ask(lab.walks.start(first, to).address(0))).body;
    assert.match(await page("results"), /href="\/assets\/style\.css"[^]*<main class="walk">/u);
    assert.match(await page("nowhere"), /<main class="walk" hidden>/u);
  });

  const origins: [name: string, origin: (walk: Walk) => string, status: number][] = [
    ["its own", (walk) => walk.address(0).origin, 200],
    ["somebody else's", () => "https://evil.example", 403],
    ["a sandboxed page's", () => "null", 403],
  ];
  for (const [name, origin, status] of origins) {
    test(`is heard when it puts its report, if the origin is its own: ${name}`, async () => {
      await using lab = await startTestLab();
      const walk = lab.walks.start(first, "nowhere");
      const { origin: own, pathname } = walk.address(0);
      const headers = { "Content-Type": "application/json", Origin: origin(walk) };
      const body = JSON.stringify({ report: null });
      const url = new URL(`/api${pathname}`, own);
      assert.equal((await ask(url, { method: "PUT", headers, body })).status, status);
    });
  }
});

suite("our own code for callers", () => {
  for (const entry of ["caller", "caller-worker", "service-caller"]) {
    test(`${entry} is one file`, async () => {
      await using lab = await startTestLab();
      const { status, body, headers } = await ask(new URL(`/assets/${entry}.ts`, lab.url));
      assert.equal(status, 200);
      assert.match(String(headers["content-type"]), /^text\/javascript/u);
      assert.equal(headers["access-control-allow-origin"], "*");
      assert.doesNotMatch(body, /\bimport ?[{"]|\bfrom ?"/u);
    });
  }
});
