import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Afterwards } from "../../model/trial.ts";
import { Stays, type GreetedConnection } from "../../server/stays.ts";

const graceMs = 50;
const lifetimeMs = 200;

/** A connection that keeps how it was closed. */
function connection(): GreetedConnection & { readonly closes: string[]; hangUp: () => void } {
  const { promise: closed, resolve: hangUp } = Promise.withResolvers<void>();
  const closes: string[] = [];
  return {
    closes,
    hangUp,
    closed,
    close: (code, reason = "") => closes.push(`${code} ${reason}`.trim()),
    whenHeard: () => Promise.resolve(),
  };
}

function staying(afterwards: Afterwards): { stays: Stays; revoked: string[] } {
  const revoked: string[] = [];
  const stays = new Stays({ revokeAll: (serial) => revoked.push(serial) }, graceMs);
  stays.expect({ id: "a", given: "#1", plan: { afterwards }, lifetimeMs });
  return { stays, revoked };
}

/** Lets everything happen that waits for nothing. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

suite("a connection that nothing else ends is ended by the lab, which says why", () => {
  const rows: { afterwards: Afterwards; afterMs: number; close: string; revoked?: string[] }[] = [
    {
      afterwards: "be-revoked",
      afterMs: graceMs,
      close: "4000 still open although its token was revoked",
      revoked: ["#1"],
    },
    {
      afterwards: "stay",
      afterMs: lifetimeMs + graceMs,
      close: "4000 still open although its token had run out",
    },
    {
      afterwards: "log-out",
      afterMs: graceMs,
      close: "4000 still open although its user had logged out",
    },
  ];
  for (const { afterwards, afterMs, close, revoked: expected = [] } of rows) {
    test(afterwards, async ({ mock }) => {
      mock.timers.enable({ apis: ["setTimeout"] });
      const { stays, revoked } = staying(afterwards);
      const one = connection();
      stays.greeted("a", one);
      stays.loggedOut("a");
      await settle();
      assert.deepEqual(revoked, expected);
      mock.timers.tick(afterMs - 1);
      assert.deepEqual(one.closes, []);
      mock.timers.tick(1);
      assert.deepEqual(one.closes, [close]);
    });

    test(`${afterwards}, unless it has closed`, async ({ mock }) => {
      mock.timers.enable({ apis: ["setTimeout"] });
      const { stays } = staying(afterwards);
      const one = connection();
      stays.greeted("a", one);
      stays.loggedOut("a");
      await settle();
      one.hangUp();
      await settle();
      mock.timers.tick(afterMs);
      assert.deepEqual(one.closes, []);
    });
  }
});

suite("a connection is left alone", () => {
  for (const afterwards of ["goodbye", "renew", "renew-as-another"] as const) {
    test(`when its page has something to say: ${afterwards}`, async ({ mock }) => {
      mock.timers.enable({ apis: ["setTimeout"] });
      const { stays, revoked } = staying(afterwards);
      const one = connection();
      stays.greeted("a", one);
      await settle();
      mock.timers.tick(60_000);
      assert.deepEqual([one.closes, revoked], [[], []]);
    });
  }

  test("until its user has logged out", async ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { stays } = staying("log-out");
    const one = connection();
    stays.greeted("a", one);
    await settle();
    mock.timers.tick(60_000);
    assert.deepEqual(one.closes, []);
  });

  test("when nobody knows its attempt", async () => {
    const { stays, revoked } = staying("be-revoked");
    stays.greeted("b", connection());
    stays.greeted(null, connection());
    await settle();
    assert.deepEqual(revoked, []);
  });
});

suite("a connection that is held", () => {
  test("is waited for, and let go with 1000", async () => {
    const { stays } = staying("hold");
    const greeted = stays.whenGreeted("a", new AbortController().signal);
    const one = connection();
    stays.greeted("a", one);
    assert.equal(await greeted, true);
    assert.deepEqual(one.closes, []);
    stays.release("a");
    await settle();
    assert.deepEqual(one.closes, ["1000"]);
  });

  test("is waited for no longer than somebody has patience", async () => {
    const { stays } = staying("hold");
    const patience = new AbortController();
    const greeted = stays.whenGreeted("a", patience.signal);
    patience.abort();
    assert.equal(await greeted, false);
    assert.equal(await stays.whenGreeted("a", patience.signal), false);
    assert.equal(await stays.whenGreeted("unknown", new AbortController().signal), false);
  });
});
