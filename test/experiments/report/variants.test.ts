import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { whereFound } from "../../../experiments/report/variants.ts";

const tried = ["same-origin, ws", "same-origin, wss", "same-host, ws", "same-host, wss"];

suite("where something was found is told as shortly as it can be", () => {
  const rows: [found: string[], where: string][] = [
    [tried, "everywhere"],
    [["same-origin, wss", "same-host, wss"], "wss only"],
    [["same-origin, ws", "same-origin, wss"], "same-origin only"],
    [["same-host, ws"], "same-host, ws"],
    [["same-origin, ws", "same-host, wss"], "same-origin, ws; same-host, wss"],
  ];
  for (const [found, where] of rows) {
    test(where, () => assert.equal(whereFound(found, tried), where));
  }
});
