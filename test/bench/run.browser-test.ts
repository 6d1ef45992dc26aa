import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../bench/run/run.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";

const browsers = await installedBrowsers();
const skip = browsers.every((browser) => browser.skip !== false) && "no browser is installed";

test("a small run is measured against its floor", { skip }, async () => {
  const said: string[] = [];
  const { goals, tables, plots } = await run.measure({
    size: "small",
    onProgress: (sentence) => void said.push(sentence),
    signal: new AbortController().signal,
  });
  assert.deepEqual(said, ["the run, 1×", "its floor, 1×", "the run, 2×", "its floor, 2×"]);
  assert.equal(goals.length, 3);
  for (const { measured } of goals) assert.match(measured, /^\d+\.\d\d times \(/u);
  const [ratios] = tables;
  assert.deepEqual(
    ratios?.rows.map(([size, , trials]) => [size, trials]),
    [
      ["1×", "2"],
      ["1×", "2"],
      ["2×", "4"],
      ["2×", "4"],
    ],
  );
  for (const { values } of plots.flatMap(({ series }) => series)) {
    assert.equal(values.length, 2);
    assert.ok(values.every((ms) => ms > 0));
  }
});
