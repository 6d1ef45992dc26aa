import assert from "node:assert/strict";
import { test } from "node:test";
import { stability } from "../../bench/stability/stability.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";

const chrome = (await installedBrowsers()).find(({ id }) => id === "chrome");

test(
  "repeats are made under both conditions, and compared with each other and with what is published",
  { skip: chrome?.skip ?? "there is no chrome", timeout: 300_000 },
  async (context) => {
    const { goals, tables } = await stability.measure({
      size: "small",
      onProgress: (sentence) => context.diagnostic(sentence),
      signal: context.signal,
    });
    assert.deepEqual(
      goals.map(({ measured }) => measured),
      [
        "0 of 1 cells changed, 0 of them between pass and fail, in 2 trials",
        "0 of 1 cells changed, 0 of them between pass and fail, in 2 trials",
        "0 of 1 cells differ",
      ],
    );
    assert.ok(goals.every(({ isMet }) => isMet));
    const [repeats] = tables;
    assert.deepEqual(
      repeats?.rows.map((row) => row.slice(0, 4)),
      [
        ["the machine left alone", "chrome", "2", "1"],
        ["every core kept busy", "chrome", "2", "1"],
      ],
    );
  },
);
