import assert from "node:assert/strict";
import { test } from "node:test";
import { EvidenceLog, nothingJudged, type Sighting } from "../../server/evidence.ts";

const request: Sighting = {
  type: "request",
  method: "GET",
  upgrade: true,
  origin: null,
  status: 401,
  ...nothingJudged,
};

test("what is seen goes to its attempt, in order, and is handed over once", async () => {
  const log = new EvidenceLog();
  log.open("a");
  log.open("b");
  log.record("a", request);
  log.record("b", { type: "close", code: 1006, reason: "" });
  log.record("a", { ...request, status: 101 });
  const seen = await log.take("a", 0);
  assert.deepEqual(
    seen.map((entry) => entry.type === "request" && entry.status),
    [401, 101],
  );
  assert.deepEqual(await log.take("a", 0), []);
});

test("what belongs to no attempt is kept apart", () => {
  const log = new EvidenceLog();
  log.record("unknown", request);
  log.record(null, request);
  assert.equal(log.unattributed.length, 2);
});

test("an attempt is handed over when its last connection has closed", async () => {
  const log = new EvidenceLog();
  log.open("a");
  const closed = [log.connectionOpened("a"), log.connectionOpened("a")];
  const taken = log.take("a", 60_000);
  for (const close of closed) {
    log.record("a", { type: "close", code: 1000, reason: "" });
    close();
  }
  assert.equal((await taken).length, 2);
});

test("a connection that never closes does not hold the evidence back for ever", async () => {
  const log = new EvidenceLog();
  log.open("a");
  log.connectionOpened("a");
  log.record("a", request);
  assert.equal((await log.take("a", 1)).length, 1);
});

test("memory is bounded in attempts, in entries, and in what belongs to no attempt", async () => {
  const log = new EvidenceLog();
  for (let id = 0; id <= 1_000; id += 1) log.open(String(id));
  log.record("0", request);
  assert.equal(log.unattributed.length, 1, "the oldest attempt is forgotten");
  for (let count = 0; count < 200; count += 1) log.record("1", request);
  assert.equal((await log.take("1", 0)).length, 100);
  for (let count = 0; count < 2_000; count += 1) log.record(null, request);
  assert.equal(log.unattributed.length, 1_000);
});

test("what belongs to no attempt is told oldest first, however much has come", () => {
  const log = new EvidenceLog();
  for (const count of [3, 998, 500]) {
    for (let at = 0; at < count; at += 1) log.record(null, { ...request, status: at });
    const statuses = log.unattributed.map((entry) => entry.type === "request" && entry.status);
    const times = log.unattributed.map(({ at }) => at);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal(statuses.at(-1), count - 1);
    assert.equal(statuses.at(-2), count - 2);
  }
});
