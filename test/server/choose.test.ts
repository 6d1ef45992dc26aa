import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

test("GET /choose leads to the page that chooses, with what was asked", async () => {
  await using lab = await startTestLab({ certificates: null }, { techniques: [] });
  const rows = [
    { asked: "/choose", leadsTo: "/choose.html" },
    {
      asked: "/choose?demand=quiet-log&demand=%F0%9F%98%80&=",
      leadsTo: "/choose.html?demand=quiet-log&demand=%F0%9F%98%80&=",
    },
    { asked: "/choose?//elsewhere.example/", leadsTo: "/choose.html?//elsewhere.example/" },
  ];
  for (const { asked, leadsTo } of rows) {
    const { status, headers } = await ask(new URL(asked, lab.url));
    assert.deepEqual([status, headers.location], [301, leadsTo]);
  }
});
