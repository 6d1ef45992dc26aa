import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SessionWatch } from "../../server/session-watch.ts";
import { Tokens, type Token } from "../../server/tokens.ts";

const hourMs = 3_600_000;
const longestTimerMs = 2 ** 31 - 1;

/** Watches a session, and keeps how it ended. Its clock is the date's, which tests turn together with the timers. */
function watched(
  tokens: Tokens,
  secret: string,
  stayMs: number,
): { ends: string[]; stop: () => void } {
  const ends: string[] = [];
  const watch = new SessionWatch(tokens, () => Date.now());
  const holder = { sessionEnded: (reason: string) => void ends.push(reason) };
  const session = watch.begin({ secret, stayMs }, holder);
  return { ends, stop: () => watch.stop(session) };
}

suite("a session that is watched ends", () => {
  const rows: { name: string; end: (tokens: Tokens, token: Token, session: Token) => void }[] = [
    { name: "its own secret is revoked", end: (tokens, _, { secret }) => tokens.revoke(secret) },
    {
      name: "the token is revoked that it was traded for",
      end: (tokens, { secret }) => tokens.revoke(secret),
    },
    { name: "all of its serial is revoked", end: (tokens, { serial }) => tokens.revokeAll(serial) },
    {
      name: "it is revoked together with its token",
      end: (tokens, _, { secret }) => tokens.revokeWithOrigin(secret),
    },
  ];
  for (const { name, end } of rows) {
    test(`once, when ${name}`, () => {
      const tokens = new Tokens();
      const token = tokens.issue("alice", hourMs, false);
      const session = tokens.derive(token, hourMs, false);
      const { ends } = watched(tokens, session.secret, hourMs);
      assert.deepEqual(ends, []);
      end(tokens, token, session);
      assert.deepEqual(ends, ["revoked token"]);
      end(tokens, token, session);
      assert.deepEqual(ends, ["revoked token"]);
    });
  }

  test("at once, when it was revoked while nobody was looking", () => {
    const tokens = new Tokens();
    const { secret } = tokens.issue("alice", hourMs, false);
    tokens.revoke(secret);
    assert.deepEqual(watched(tokens, secret, hourMs).ends, ["revoked token"]);
  });

  test("when its time is over, and not before", ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const tokens = new Tokens();
    const { secret } = tokens.issue("alice", hourMs, false);
    const { ends } = watched(tokens, secret, 1_000);
    mock.timers.tick(999);
    assert.deepEqual(ends, []);
    mock.timers.tick(1);
    assert.deepEqual(ends, ["expired token"]);
    tokens.revoke(secret);
    assert.deepEqual(ends, ["expired token"]);
  });

  test("at its time, though that is further away than any timer reaches", ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const tokens = new Tokens();
    const { secret } = tokens.issue("alice", 2 * longestTimerMs, false);
    const { ends } = watched(tokens, secret, longestTimerMs + 1_000);
    mock.timers.tick(longestTimerMs + 999);
    assert.deepEqual(ends, []);
    mock.timers.tick(1);
    assert.deepEqual(ends, ["expired token"]);
  });
});

suite("a session goes on", () => {
  test("when another one of the same token is revoked alone", () => {
    const tokens = new Tokens();
    const token = tokens.issue("alice", hourMs, false);
    const [one, other] = [0, 1].map(() => tokens.derive(token, hourMs, false));
    assert.ok(one && other);
    const { ends, stop } = watched(tokens, one.secret, hourMs);
    tokens.revoke(other.secret);
    assert.deepEqual(ends, []);
    stop();
  });

  test("when nobody watches any more", ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const tokens = new Tokens();
    const { secret } = tokens.issue("alice", hourMs, false);
    const { ends, stop } = watched(tokens, secret, 1_000);
    stop();
    tokens.revoke(secret);
    mock.timers.tick(2_000);
    assert.deepEqual(ends, []);
  });

  test("when the store does not hold its token: who verifies without asking is not told", () => {
    const tokens = new Tokens();
    const { serial } = tokens.issue("alice", hourMs, false);
    const { ends, stop } = watched(tokens, "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl", hourMs);
    tokens.revokeAll(serial);
    assert.deepEqual(ends, []);
    stop();
  });
});

suite("those who came in may stay", () => {
  const rows: { name: string; expectedMs: number; make: (tokens: Tokens) => string }[] = [
    {
      name: "as long as the token is good",
      expectedMs: 1_000,
      make: (tokens) => tokens.issue("alice", 1_000, false).secret,
    },
    {
      name: "as long as the token is good that a ticket was traded for",
      expectedMs: 1_000,
      make: (tokens) => tokens.derive(tokens.issue("alice", 1_000, false), 10, true).secret,
    },
    {
      name: "as long as a token is good that is not in the store, when that is said",
      expectedMs: 500,
      make: (tokens) =>
        tokens.derive({ serial: "#9", user: "alice", secret: "elsewhere" }, 10, true, 500).secret,
    },
    { name: "not at all with a secret that nobody made", expectedMs: 0, make: () => "nothing" },
  ];
  for (const { name, expectedMs, make } of rows) {
    test(name, () => {
      const tokens = new Tokens({ now: () => 0 });
      assert.equal(tokens.stayMs(make(tokens)), expectedMs);
    });
  }
});
