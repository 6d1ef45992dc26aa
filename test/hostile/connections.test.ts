import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { aimAtApp } from "../../bench/hostile-input/app-aim.ts";
import { campaign, problemOf, type Aim } from "../../bench/hostile-input/campaign.ts";
import { startLabChild, type LabChild } from "../../bench/hostile-input/lab-child.ts";
import { leakBytes } from "../../bench/hostile-input/memory.ts";
import { send } from "../../bench/hostile-input/raw-client.ts";
import { aimAt } from "../../bench/hostile-input/technique-aim.ts";
import { techniques } from "../../techniques/index.ts";
import { readCorpus } from "./corpus.ts";
import { size } from "./size.ts";

/** In `npm test`; see size.ts. */
const usualCases = 60;

suite("a technique's server lets no hostile client in, and the good ones", () => {
  let lab: LabChild;
  before(async () => {
    lab = await startLabChild();
  });
  after(async () => await lab[Symbol.asyncDispose]());

  for (const technique of techniques) {
    test(technique.id, async () => {
      const aim = await aimAt(technique, lab);
      // Without it, cases could all be refused because they are made badly.
      assert.ok(await aim.control(), "who presents the good credential is greeted");
      const known = readCorpus("connections").filter(
        ({ techniques: own }) => own?.includes(technique.id) ?? true,
      );
      await tryKnown(aim, lab, known);
      await tryNew(aim, lab);
    });
  }
});

for (const [name, isBehindProxy] of [
  ["the lab's own pages and endpoints put up with anything", false],
  ["the same behind a reverse proxy that passes on what it is told", true],
] as const) {
  test(name, async () => {
    await using lab = await startLabChild({ isBehindProxy });
    const aim = await aimAtApp(lab, name);
    await tryKnown(aim, lab, readCorpus("app"));
    await tryNew(aim, lab);
  });
}

test("evidence of a large request keeps little of it", async () => {
  await using lab = await startLabChild();
  const port = lab.ports.get("query-parameter")?.ws ?? 0;
  const megabytesWith = async (characters: number): Promise<number> => {
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const origin = `${index}${"x".repeat(characters)}`;
        const head = Buffer.from(`GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\n\r\n`);
        const { status } = await send({ head, turns: [], end: "wait" }, { port });
        assert.equal(status, characters > 16_384 ? 431 : 426);
      }),
    );
    return (await lab.heapBytes()) / 1e6;
  };
  const usually = await megabytesWith(10);
  // All of them would be 30 MB.
  assert.ok((await megabytesWith(100_000)) - usually < 10);
});

async function tryKnown<Case>(
  aim: Aim<Case>,
  lab: LabChild,
  known: readonly { readonly why: string; readonly hostile: Case }[],
): Promise<void> {
  await aim.prepare();
  await lab.tally();
  await Promise.all(
    known.map(async ({ why, hostile }) => {
      const outcome = await aim.run(hostile);
      assert.equal(problemOf(outcome, aim.isInside(hostile), aim.secrets()), null, why);
      assert.ok(!outcome.wasCut, `${why}: the server did not end the connection`);
    }),
  );
  assert.deepEqual((await lab.tally()).faults, []);
  assert.equal(await aim.tryGood(), null);
}

async function tryNew<Case>(aim: Aim<Case>, lab: LabChild): Promise<void> {
  const cases = size.cases ?? usualCases;
  const batch = Math.min(500, cases);
  const made = await campaign(aim, lab, { cases, seed: size.seed, concurrency: 64, batch });
  const [failure] = made.failures;
  assert.equal(
    failure,
    undefined,
    `${failure?.problem}\nHOSTILE_SEED=${size.seed}, case ${failure?.index}; for test/hostile/corpus:\n${JSON.stringify(failure?.smallest)}`,
  );
  const { letIn, serverErrors, leaks, cut, bytesPerCase } = made;
  assert.deepEqual(
    { letIn, serverErrors, leaks, cut },
    { letIn: 0, serverErrors: 0, leaks: 0, cut: 0 },
  );
  // Before that, V8 compiles and remembers what runs for the first time.
  const isWarm = cases >= 10_000 && aim.name !== techniques[0]?.id;
  if (isWarm) assert.ok((bytesPerCase ?? 0) <= leakBytes, `${bytesPerCase} bytes a case are kept`);
}
