import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import { featureEntries } from "../../experiments/report/features.ts";
import { askFeatures } from "../../public/features.ts";

const patienceMs = 10_000;
const own = Object.getOwnPropertyDescriptors(globalThis);

function pretend(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** A constructor that reads these members of its argument at `position`, and then finds the address wanting. */
function classReading(position: number, ...members: string[]): unknown {
  return function construct(...parameters: unknown[]): never {
    for (const name of members) Reflect.get(Object(parameters[position]), name);
    throw new SyntaxError(`${String(parameters[0])} is no address`);
  };
}

suite("asking for features", () => {
  beforeEach(() => {
    pretend("isSecureContext", true);
    pretend("document", {});
    for (const name of ["WebSocketStream", "WebTransport"]) pretend(name, undefined);
  });
  afterEach(() => {
    for (const name of [
      "WebSocket",
      "document",
      "isSecureContext",
      "WebSocketStream",
      "WebTransport",
    ])
      Object.defineProperty(
        globalThis,
        name,
        own[name] ?? { value: undefined, configurable: true },
      );
  });

  test("covers every feature that reports explain, in their order", async () => {
    assert.deepEqual(
      Object.keys(await askFeatures(patienceMs)),
      featureEntries.map(({ id }) => id),
    );
  });

  // Node's own takes an object with headers: https://nodejs.org/api/globals.html#websocket
  test("finds headers where they are taken, as in Node", async () => {
    const found = await askFeatures(patienceMs);
    assert.equal(found["websocket-options"]?.supported, true);
    assert.equal(found["websocket-options-headers"]?.supported, true);
    assert.match(found["websocket-options-headers"]?.detail ?? "", /^reads .*headers/u);
    assert.equal(found["websocket-third-argument"]?.supported, false);
    assert.equal(found["web-crypto"]?.supported, true);
  });

  const rows = [
    { name: "WebSocket", position: 2, reads: "headers", id: "websocket-third-argument" },
    { name: "WebSocket", position: 1, reads: "protocols", id: "websocket-options" },
    { name: "WebSocketStream", position: 1, reads: "headers", id: "websocket-stream-headers" },
    { name: "WebTransport", position: 1, reads: "headers", id: "webtransport-headers" },
  ];
  for (const { name, position, reads, id } of rows) {
    test(`${id}: yes when ${name} reads ${reads}, no when it does not`, async () => {
      pretend(name, classReading(position, reads));
      const expected = { supported: true, detail: `reads ${reads}` };
      assert.deepEqual((await askFeatures(patienceMs))[id], expected);
      pretend(name, classReading(position, "toString"));
      assert.deepEqual((await askFeatures(patienceMs))[id], {
        supported: false,
        detail: "reads no option",
      });
    });
  }

  test("a class that is not there is told with the kind of context", async () => {
    pretend("isSecureContext", false);
    const expected = {
      supported: false,
      detail: "there is no WebTransport in a context that is not secure",
    };
    const found = await askFeatures(patienceMs);
    assert.deepEqual(found["webtransport"], expected);
    assert.deepEqual(found["webtransport-headers"], expected);
  });

  test("what throws is left out, for nothing is known of it", async () => {
    pretend("document", null);
    const found = await askFeatures(patienceMs);
    assert.deepEqual(found["storage-access"], undefined);
    assert.equal(Object.keys(found).length, featureEntries.length - 1);
  });
});
