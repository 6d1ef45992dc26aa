import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { forgetDeadTokens } from "../../server/dead-tokens.ts";
import { Tokens } from "../../server/tokens.ts";

const many = 2_000;

function storeOf({ dead, live }: { readonly dead: number; readonly live: number }): Tokens {
  let now = 0;
  const tokens = new Tokens({ now: () => now, remembranceMs: 10 });
  for (let made = 0; made < dead; made += 1) tokens.issue("alice", 5, false);
  for (let made = 0; made < live; made += 1) tokens.issue("alice", 1_000, false);
  now = 15;
  return tokens;
}

test(
  "dead tokens are forgotten though nobody asks for new ones, and live ones stay",
  { timeout: 10_000 },
  async () => {
    const tokens = storeOf({ dead: many, live: 3 });
    using _ = forgetDeadTokens(tokens, 1);
    while (tokens.size > 3) await nextTurn();
    for (let turns = 0; turns < 10; turns += 1) await nextTurn();
    assert.equal(tokens.size, 3);
  },
);

test(
  "no turn of the event loop looks at many, and who is disposed of looks at no more",
  { timeout: 10_000 },
  async () => {
    const tokens = storeOf({ dead: many, live: 0 });
    const perTurn: number[] = [];
    const forgetting = forgetDeadTokens(
      {
        forgetDead(looks) {
          const dropped = tokens.forgetDead(looks);
          perTurn.push(dropped);
          if (perTurn.length === 2) forgetting[Symbol.dispose]();
          return dropped;
        },
      },
      1,
    );
    while (perTurn.length < 2) await nextTurn();
    for (let turns = 0; turns < 10; turns += 1) await nextTurn();
    const dropped = perTurn.reduce((sum, some) => sum + some);
    assert.ok(
      perTurn.every((some) => some <= 100),
      perTurn.join(),
    );
    assert.equal(perTurn.length, 2);
    assert.equal(tokens.size, many - dropped);
  },
);
