import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EvidenceData } from "../../site/data.ts";
import { unpackTrial } from "../../site/pack.ts";
import { publishedData } from "./compare-data.ts";

/*
 * Code of pages, which is typed for browsers: what it is given here is all that it uses of one.
 */

interface DataFiles {
  load(this: void, name: string): Promise<unknown>;
  receive(this: void, name: string, content: unknown): boolean;
}
interface FailureReasons {
  of(failed: object, isRunning: boolean): string | null;
}

async function clientFile<Exports>(name: string): Promise<Exports> {
  return await import(new URL(`../../site/client/${name}`, import.meta.url).href);
}

const { createDataFiles } = await clientFile<{
  createDataFiles(
    this: void,
    request: (name: string, onMissing: (reason: Error) => void) => void,
  ): DataFiles;
}>("data-files.ts");
const { createFailureReasons } = await clientFile<{
  createFailureReasons(
    this: void,
    loadEvidence: (run: string, technique: string) => Promise<EvidenceData>,
    onKnown: () => void,
  ): FailureReasons;
}>("failure-reasons.ts");
const address = await clientFile<{
  keepAddress(this: void, query: string): boolean;
  pushAddress(this: void, query: string): boolean;
  addressWith(this: void, query: string): string;
}>("keep-address.ts");

describe("data files", () => {
  test("are asked for once", async () => {
    const asked: string[] = [];
    const { load, receive } = createDataFiles((name) => asked.push(name));
    const [one, two] = [load("sources/a"), load("sources/a")];
    assert.ok(receive("sources/a", 1));
    assert.deepEqual(await Promise.all([one, two, load("sources/a")]), [1, 1, 1]);
    assert.deepEqual(asked, ["sources/a"]);
  });

  test("are asked for anew when they tell of a visit, but not twice at a time", async () => {
    const asked: string[] = [];
    const { load, receive } = createDataFiles((name) => asked.push(name));
    const name = "evidence/visit-4f/first-message";
    const both = [load(name), load(name)];
    receive(name, "one trial");
    assert.deepEqual(await Promise.all(both), ["one trial", "one trial"]);
    const later = load(name);
    receive(name, "two trials");
    assert.equal(await later, "two trials");
    assert.deepEqual(asked, [name, name]);
  });

  test("can be asked for again when they did not come", async () => {
    const { load, receive } = createDataFiles((_name, onMissing) => onMissing(new Error("gone")));
    await assert.rejects(load("choices"), /gone/u);
    const again = load("choices");
    await assert.rejects(again, /gone/u);
    assert.ok(!receive("never", null), "what nobody asked for");
  });
});

describe("why a trial failed", async () => {
  const data = await publishedData();
  const place = { placement: "same-origin", scheme: "ws" };
  const failed = { run: "visit-1", technique: "a", scenario: "rotation", ...place };
  const packed = data.runs[0]?.trials[0];
  const made = packed === undefined ? undefined : unpackTrial(packed, data);
  assert.ok(made);
  const evidence = (...scenarios: readonly string[]): EvidenceData => {
    const verdict = { outcome: "fail", kind: "not-accepted", attempt: 0, reason: "no" } as const;
    const trials = scenarios.map((scenario) => {
      return { ...made, scenario, placement: "same-origin", scheme: "ws", verdict } as const;
    });
    return { run: "visit-1", technique: "a", trials };
  };

  test("is known as soon as its evidence has come, however often it is asked for", async () => {
    let asked = 0;
    const known = Promise.withResolvers<void>();
    const reasons = createFailureReasons(async () => {
      asked += 1;
      return evidence("rotation");
    }, known.resolve);
    for (let redraw = 0; redraw < 5; redraw += 1) assert.equal(reasons.of(failed, true), null);
    await known.promise;
    for (const isRunning of [true, false]) {
      assert.equal(reasons.of(failed, isRunning), "rotation: no");
    }
    assert.equal(asked, 1);
  });

  test("is asked for anew for a trial that ended later", async () => {
    const ended = ["rotation"];
    let known = Promise.withResolvers<void>();
    const reasons = createFailureReasons(
      async () => evidence(...ended),
      () => known.resolve(),
    );
    reasons.of(failed, true);
    await known.promise;
    ended.push("wrong-token");
    known = Promise.withResolvers();
    assert.equal(reasons.of({ ...failed, scenario: "wrong-token" }, true), null);
    await known.promise;
    assert.equal(reasons.of({ ...failed, scenario: "wrong-token" }, true), "wrong-token: no");
  });

  test("is asked for once more when the visit is over, if nothing was said before", async () => {
    let asked = 0;
    const reasons = createFailureReasons(async () => {
      asked += 1;
      throw new Error("the lab is busy");
    }, assert.fail);
    for (const isRunning of [true, true, false, false]) {
      assert.equal(reasons.of(failed, isRunning), null);
      await new Promise(setImmediate);
    }
    assert.equal(asked, 2);
  });
});

describe("the address of a page", () => {
  const page = new URL("http://localhost:8000/index.html?browser=chrome#matrix");
  const pages = [
    { query: "?scheme=wss", kept: "http://localhost:8000/index.html?scheme=wss" },
    { query: "?scheme=wss#there", kept: "http://localhost:8000/index.html?scheme=wss#there" },
    { query: "", kept: "http://localhost:8000/index.html" },
  ];
  const stubs = (write: (url: string) => void): void => {
    const change = (_state: unknown, _unused: string, url: string): void => write(url);
    Object.assign(globalThis, {
      location: page,
      history: { replaceState: change, pushState: change },
    });
  };

  for (const { query, kept } of pages) {
    test(`becomes ${kept}`, () => {
      const written: string[] = [];
      stubs((url) => written.push(url));
      assert.ok(address.keepAddress(query));
      assert.ok(address.pushAddress(query));
      assert.equal(address.addressWith(query), kept);
      assert.deepEqual(written, [kept, kept]);
    });
  }

  test("stays where the browser has had enough, which breaks nothing", () => {
    stubs(() => {
      throw new Error("Attempt to use history.replaceState() more than 100 times per 30 seconds");
    });
    assert.ok(!address.keepAddress("?scheme=wss"));
    assert.ok(!address.pushAddress("?scheme=wss"));
    assert.equal(address.addressWith("?scheme=wss"), pages[0]?.kept);
  });
});
