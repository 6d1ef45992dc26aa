import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Tokens, type Token } from "../../server/tokens.ts";

const lifetimeMs = 1_000;

function storeAt(time: { now: number }, capacity = 100): Tokens {
  return new Tokens({ capacity, remembranceMs: 500, now: () => time.now });
}

suite("a token is judged by its state", () => {
  const rows: {
    name: string;
    prepare: (tokens: Tokens, token: Token, time: { now: number }) => void;
    singleUse?: boolean;
    expected: string;
  }[] = [
    { name: "fresh", prepare: () => {}, expected: "accepted" },
    {
      name: "one tick before its end",
      prepare: (_tokens, _token, time) => (time.now += lifetimeMs - 1),
      expected: "accepted",
    },
    {
      name: "at its end",
      prepare: (_tokens, _token, time) => (time.now += lifetimeMs),
      expected: "expired token",
    },
    {
      name: "redeemed before, for many uses",
      prepare: (tokens, { secret }) => tokens.redeem(secret),
      expected: "accepted",
    },
    {
      name: "redeemed before, for a single use",
      singleUse: true,
      prepare: (tokens, { secret }) => tokens.redeem(secret),
      expected: "token already used",
    },
    {
      name: "revoked",
      prepare: (tokens, { secret }) => assert.equal(tokens.revoke(secret), true),
      expected: "revoked token",
    },
  ];
  for (const { name, prepare, singleUse = false, expected } of rows) {
    test(`${name}: ${expected}`, () => {
      const time = { now: 0 };
      const tokens = storeAt(time);
      const token = tokens.issue("alice", lifetimeMs, singleUse);
      prepare(tokens, token, time);
      const redemption = tokens.redeem(token.secret);
      assert.equal(redemption.accepted ? "accepted" : redemption.refusal, expected);
    });
  }
});

test("serials count up and secrets differ", () => {
  const tokens = new Tokens();
  const issued = [1, 2, 3].map(() => tokens.issue("alice", lifetimeMs, false));
  assert.deepEqual(
    issued.map(({ serial }) => serial),
    ["#1", "#2", "#3"],
  );
  assert.equal(new Set(issued.map(({ secret }) => secret)).size, 3);
});

test("a forged token has a name, and nothing else", () => {
  const tokens = new Tokens();
  const { serial, secret } = tokens.forge("alice");
  assert.equal(tokens.nameOf(secret), serial);
  assert.equal(tokens.ownerOf(secret), undefined);
  assert.deepEqual(tokens.redeem(secret), { accepted: false, refusal: "unknown token" });
  assert.equal(tokens.revoke(secret), false);
});

test("bytes that the lab never made are unrecognised, the names of object properties included", () => {
  const tokens = new Tokens();
  for (const secret of ["", "x", "__proto__", "constructor", "\0", "💥"]) {
    assert.equal(tokens.nameOf(secret), "unrecognised");
    assert.deepEqual(tokens.redeem(secret), { accepted: false, refusal: "unknown token" });
  }
});

test("every secret in a text is replaced by its serial, wherever it stands", () => {
  const tokens = new Tokens();
  const [first, second] = [tokens.issue("alice", lifetimeMs, false), tokens.forge("alice")];
  const stranger = "abcdefghijklmnopqrstu-not-ours";
  const text = `a=${first.secret}&b ${second.secret}, x${first.secret}y${second.secret} ${stranger}`;
  const clean = tokens.redact(text);
  assert.equal(clean, `a=(token #1)&b (token #2), x(token #1)y(token #2) ${stranger}`);
});

interface Derived {
  readonly time: { now: number };
  readonly tokens: Tokens;
  readonly root: Token;
  readonly derived: Token;
}

/** A token of alice, `#2`, and a secret that it was traded for at 0 ms. */
function derive(
  terms: { lifetimeMs?: number; singleUse?: boolean; rootIsSingleUse?: boolean } = {},
): Derived {
  const time = { now: 0 };
  const tokens = storeAt(time);
  tokens.issue("bob", lifetimeMs, false);
  const root = tokens.issue("alice", lifetimeMs, terms.rootIsSingleUse ?? false);
  if (root.singleUse) assert.equal(tokens.redeem(root.secret).accepted, true);
  const derived = tokens.derive(root, terms.lifetimeMs ?? lifetimeMs, terms.singleUse ?? false);
  return { time, tokens, root, derived };
}

function refusalOf(tokens: Tokens, { secret }: Token): string | null {
  const redemption = tokens.redeem(secret);
  return redemption.accepted ? null : redemption.refusal;
}

suite("a secret that is derived from a token", () => {
  test("has the token's serial and user, and a text of its own", () => {
    const { tokens, root, derived } = derive();
    assert.notEqual(derived.secret, root.secret);
    assert.deepEqual([derived.serial, derived.user], [root.serial, "alice"]);
    assert.equal(tokens.nameOf(derived.secret), root.serial);
    assert.equal(tokens.ownerOf(derived.secret), "alice");
    assert.equal(tokens.issue("carol", lifetimeMs, false).serial, "#3", "no serial is used up");
  });

  for (const ownLifetimeMs of [10, 5 * lifetimeMs]) {
    test(`runs out after ${ownLifetimeMs} ms of its own, whatever the token's ${lifetimeMs}`, () => {
      const { time, tokens, derived } = derive({ lifetimeMs: ownLifetimeMs });
      time.now = ownLifetimeMs - 1;
      assert.equal(refusalOf(tokens, derived), null);
      time.now = ownLifetimeMs;
      assert.equal(refusalOf(tokens, derived), "expired token");
    });
  }

  test("falls with the token, however many steps it is away", () => {
    const { tokens, root, derived } = derive();
    const second = tokens.derive(derived, lifetimeMs, false);
    assert.deepEqual(
      [tokens.isDerived(root.secret), tokens.isDerived(second.secret)],
      [false, true],
    );
    tokens.revoke(root.secret);
    assert.equal(refusalOf(tokens, second), "revoked token");
  });

  test("has its time counted from when it was derived", () => {
    const { time, tokens, root } = derive();
    time.now = 900;
    const late = tokens.derive(root, 500, false);
    time.now = 1_399;
    assert.equal(refusalOf(tokens, late), null);
    time.now = 1_400;
    assert.equal(refusalOf(tokens, late), "expired token");
  });

  test("is spent by itself, and does not spend the token", () => {
    const { tokens, root, derived } = derive({ singleUse: true });
    const other = tokens.derive(root, lifetimeMs, true);
    assert.equal(refusalOf(tokens, derived), null);
    assert.equal(refusalOf(tokens, derived), "token already used");
    assert.equal(refusalOf(tokens, other), null);
    assert.equal(refusalOf(tokens, root), null);
  });

  test("is good after a single-use token was spent for it", () => {
    const { tokens, root, derived } = derive({ rootIsSingleUse: true });
    assert.equal(refusalOf(tokens, root), "token already used");
    assert.equal(refusalOf(tokens, derived), null);
    assert.equal(refusalOf(tokens, derived), null);
  });

  test("falls with the token, and not the other way round", () => {
    const { tokens, root, derived } = derive();
    const other = tokens.derive(root, lifetimeMs, false);
    assert.equal(tokens.revoke(derived.secret), true);
    assert.equal(refusalOf(tokens, derived), "revoked token");
    assert.equal(refusalOf(tokens, other), null);
    assert.equal(refusalOf(tokens, root), null);
    assert.equal(tokens.revoke(root.secret), true);
    assert.equal(refusalOf(tokens, other), "revoked token");
  });

  test("is replaced by the serial in a text, like the token", () => {
    const { tokens, root, derived } = derive();
    assert.equal(
      tokens.redact(`/?ticket=${derived.secret} for ${root.secret}`),
      "/?ticket=(token #2) for (token #2)",
    );
  });

  test("takes its place in the store, and gives it back when it is long dead", () => {
    const { time, tokens, root } = derive();
    for (let count = 0; count < 500; count += 1) tokens.derive(root, 1, true);
    assert.equal(tokens.size, 100);
    time.now = 10_000;
    for (let count = 0; count < 100; count += 1) tokens.issue("alice", 1, false);
    assert.equal(tokens.size, 100);
  });
});

test("memory is bounded: the oldest token makes room for the newest", () => {
  const tokens = storeAt({ now: 0 }, 10);
  const first = tokens.issue("alice", lifetimeMs, false);
  for (let count = 0; count < 50; count += 1) tokens.issue("alice", lifetimeMs, false);
  assert.equal(tokens.size, 10);
  assert.deepEqual(tokens.redeem(first.secret), { accepted: false, refusal: "unknown token" });
});

test("dead tokens are dropped without a timer, even behind one that lives long", () => {
  const time = { now: 0 };
  const tokens = storeAt(time, 1_000);
  const longLived = tokens.issue("alice", 1_000_000, false);
  for (let count = 0; count < 500; count += 1) tokens.issue("alice", 1, false);
  time.now = 10_000;
  for (let count = 0; count < 500; count += 1) tokens.issue("alice", lifetimeMs, false);
  assert.equal(tokens.size, 501);
  assert.equal(tokens.redeem(longLived.secret).accepted, true);
});

test("a token that is to be remembered outlasts the others that died with it, and no more", () => {
  const time = { now: 0 };
  const tokens = storeAt(time);
  const [kept, dropped] = [tokens.issue("alice", 1, false), tokens.issue("alice", 1, false)];
  tokens.remember(kept.secret, 10_000);
  const refusals = (): unknown[] => {
    // Every issue looks at two entries, and one more turn begins anew.
    for (let steps = 0; steps < 4; steps += 1) tokens.issue("bob", 100_000, false);
    return [kept, dropped].map(({ secret }) => tokens.redeem(secret));
  };
  time.now = 9_999;
  assert.deepEqual(refusals(), [
    { accepted: false, refusal: "expired token" },
    { accepted: false, refusal: "unknown token" },
  ]);
  time.now = 10_000;
  assert.deepEqual(refusals(), [
    { accepted: false, refusal: "unknown token" },
    { accepted: false, refusal: "unknown token" },
  ]);
});

test("whenExpired waits for the store's own clock", async () => {
  const tokens = new Tokens();
  const token = tokens.issue("alice", 20, false);
  assert.equal(tokens.redeem(token.secret).accepted, true);
  await tokens.whenExpired(token);
  assert.deepEqual(tokens.redeem(token.secret), { accepted: false, refusal: "expired token" });
});

suite("a token of every shape is one and the same to the store", () => {
  const rows = [
    { shape: "opaque", length: 34 },
    { shape: "awkward", length: 45 },
    { shape: "4k", length: 4_096 },
    { shape: "8k", length: 8_192 },
    { shape: "16k", length: 16_384 },
  ] as const;
  for (const { shape, length } of rows) {
    test(`${shape}: ${length} characters`, () => {
      const tokens = new Tokens();
      const { secret, serial } = tokens.issue("alice", lifetimeMs, false, shape);
      assert.equal(secret.length, length);
      assert.equal(tokens.redeem(secret).accepted, true);
      assert.equal(tokens.nameOf(secret), serial);
      const words = tokens.redact(`the token ${secret} and ${encodeURIComponent(secret)}`);
      assert.ok(!words.includes(secret.slice(0, 34)), words.slice(0, 200));
      assert.match(words, new RegExp(`\\(token ${serial}\\)`, "u"));
    });
  }
});

suite("a public id tells nothing but a name", () => {
  const tokens = new Tokens();
  const token = tokens.issue("alice", lifetimeMs, false);
  const id = tokens.idOf(token);

  test("it is the beginning of the secret, which the store tells to those who check proofs", () => {
    assert.ok(token.secret.startsWith(id));
    assert.equal(tokens.secretOf(id), token.secret);
    assert.equal(tokens.nameOfId(id), token.serial);
  });

  const rows = [
    { name: "the id alone", secret: id },
    { name: "a secret that differs at its end", secret: `${token.secret.slice(0, -1)}!` },
    { name: "a secret that goes on", secret: `${token.secret}x` },
    { name: "a secret that stops early", secret: token.secret.slice(0, -1) },
    { name: "nothing", secret: "" },
    { name: "a property of objects", secret: "constructor" },
  ];
  for (const { name, secret } of rows) {
    test(`${name} is an unknown token`, () => {
      assert.deepEqual(tokens.redeem(secret), { accepted: false, refusal: "unknown token" });
      assert.equal(tokens.nameOf(secret), "unrecognised");
      assert.equal(tokens.ownerOf(secret), undefined);
      assert.equal(tokens.revoke(secret), false);
    });
  }

  test("a forged token has an id with a name and no secret", () => {
    const forged = tokens.forge("alice");
    assert.equal(tokens.nameOfId(tokens.idOf(forged)), forged.serial);
    assert.equal(tokens.secretOf(tokens.idOf(forged)), undefined);
  });
});

suite("all that is under a serial", () => {
  test("is told: the token, and what it was traded for, as long as the store holds it", () => {
    const { tokens, root, derived } = derive();
    const second = tokens.derive(derived, lifetimeMs, false);
    const forged = tokens.forge("alice");
    assert.deepEqual(
      new Set(tokens.secretsOf(root.serial)),
      new Set([root.secret, derived.secret, second.secret]),
    );
    assert.deepEqual(tokens.secretsOf(forged.serial), [forged.secret]);
    assert.deepEqual(tokens.secretsOf("#99"), []);
  });

  test("is not told any more of what was dropped", () => {
    const tokens = storeAt({ now: 0 }, 2);
    const [first, second, third] = [1, 2, 3].map(() => tokens.issue("alice", lifetimeMs, false));
    assert.ok(first && second && third);
    assert.deepEqual(
      [first, second, third].map(({ serial }) => tokens.secretsOf(serial).length),
      [0, 1, 1],
    );
  });

  test("is revoked, and nothing else", () => {
    const { tokens, root, derived } = derive();
    const other = tokens.issue("bob", lifetimeMs, false);
    tokens.revokeAll(root.serial);
    assert.deepEqual(
      [root, derived, other].map((token) => refusalOf(tokens, token)),
      ["revoked token", "revoked token", null],
    );
  });
});

/** Counts how often it was told. */
function watcher(): { times: number; revoked: () => void } {
  const one = { times: 0, revoked: () => void (one.times += 1) };
  return one;
}

suite("who watches a secret", () => {
  test("is told of it, and all others who watch it are", () => {
    const { tokens, derived } = derive();
    const all = [watcher(), watcher(), watcher()];
    for (const one of all) assert.ok(tokens.watch(derived.secret, one));
    tokens.revoke(derived.secret);
    assert.deepEqual(
      all.map(({ times }) => times),
      [1, 1, 1],
    );
  });

  test("is not told when it has ended that, whoever else still watches", () => {
    const { tokens, root, derived } = derive();
    const [gone, stays] = [watcher(), watcher()];
    const entry = tokens.watch(derived.secret, gone);
    assert.ok(entry);
    tokens.watch(derived.secret, stays);
    tokens.unwatch(entry, gone);
    tokens.revoke(root.secret);
    assert.deepEqual([gone.times, stays.times], [0, 1]);
  });

  test("is told at once of what was revoked before, and has nothing to end", () => {
    const { tokens, derived } = derive();
    tokens.revoke(derived.secret);
    const one = watcher();
    assert.equal(tokens.watch(derived.secret, one), undefined);
    assert.equal(one.times, 1);
  });
});

test("dead tokens are gone after as many new ones, wherever the store was looking", () => {
  for (const before of [0, 1, 33, 100]) {
    const time = { now: 0 };
    const tokens = storeAt(time, 10_000);
    for (let count = 0; count < 200 + before; count += 1) tokens.issue("alice", 1, false);
    time.now = 10_000;
    const dead = tokens.size;
    for (let count = 0; count < dead; count += 1) tokens.issue("alice", lifetimeMs, false);
    assert.equal(tokens.size, dead, `after ${before}`);
  }
});
