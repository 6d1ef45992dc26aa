import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evidence, Judgement, PageEvent } from "../../model/observation.ts";
import {
  describeEvent,
  describeEvidence,
  presentedSerial,
  sentence,
  stateOf,
} from "../../public/wording.ts";

const nothing: Judgement = { presented: null, via: null, user: null, refusal: null };
const letIn: Judgement = { presented: "#5", via: "cookie", user: "alice", refusal: null };
const refused: Judgement = { presented: "#4", via: "cookie", user: null, refusal: "it ran out" };

const events: { says: string; event: PageEvent }[] = [
  { says: "open", event: { at: 1, type: "open", protocol: "" } },
  { says: "open, protocol v1", event: { at: 1, type: "open", protocol: "v1" } },
  { says: "message “Hello <b>!”", event: { at: 1, type: "message", data: "Hello <b>!" } },
  {
    says: "refusal ERROR: unknown token",
    event: { at: 1, type: "refusal", code: "ERROR", reason: "unknown token" },
  },
  { says: "error, with no reason given", event: { at: 1, type: "error" } },
  {
    says: "close 1008 “too late”",
    event: { at: 1, type: "close", code: 1008, reason: "too late", wasClean: true },
  },
  {
    says: "close 1006, not clean",
    event: { at: 1, type: "close", code: 1006, reason: "", wasClean: false },
  },
  {
    says: "SyntaxError: no",
    event: { at: 1, type: "exception", name: "SyntaxError", message: "no" },
  },
];

for (const { says, event } of events) {
  test(`what the page saw reads “${says}”`, () => {
    assert.equal(describeEvent(event).what, says);
  });
}

const evidence: { name: string; entry: Evidence; line: ReturnType<typeof describeEvidence> }[] = [
  {
    name: "somebody who is let in",
    entry: request(101, letIn),
    line: {
      what: "GET upgrade → 101",
      judgement: "#5 by cookie, let in as alice",
      tone: "good",
    },
  },
  {
    name: "a stale credential that is let in",
    entry: request(101, { ...letIn, presented: "#4" }),
    line: {
      what: "GET upgrade → 101",
      judgement: "#4 by cookie, not the given #5, let in as alice",
      tone: "bad",
    },
  },
  {
    name: "bytes that are no token",
    entry: request(401, { ...refused, presented: "unrecognised" }),
    line: {
      what: "GET upgrade → 401",
      judgement: "an unrecognised token by cookie, not the given #5, refused: it ran out",
      tone: "bad",
    },
  },
  {
    name: "a refused credential",
    entry: request(401, refused),
    line: {
      what: "GET upgrade → 401",
      judgement: "#4 by cookie, not the given #5, refused: it ran out",
      tone: "bad",
    },
  },
  {
    name: "a round trip without a credential",
    entry: request(401, { ...nothing, refusal: "no credential" }),
    line: {
      what: "GET upgrade → 401",
      judgement: "presented nothing, refused: no credential",
      tone: "plain",
    },
  },
  {
    name: "an iframe's page",
    entry: { ...request(200, nothing), upgrade: false },
    line: { what: "GET request → 200", judgement: null, tone: "plain" },
  },
  {
    name: "an iframe's page that gets the cookie of an earlier run",
    entry: { ...request(200, { ...nothing, presented: "#4", via: "cookie" }), upgrade: false },
    line: { what: "GET request → 200", judgement: "#4 by cookie", tone: "plain" },
  },
  {
    name: "a first message",
    entry: { at: 1, type: "message", ...letIn, via: "first message" },
    line: {
      what: "first message",
      judgement: "#5 by first message, let in as alice",
      tone: "good",
    },
  },
];

for (const { name, entry, line } of evidence) {
  test(`what the servers saw of ${name} is put into words`, () => {
    assert.deepEqual(describeEvidence(entry, "#5"), line);
  });
}

test("the serial that let somebody in counts, not the last one shown", () => {
  assert.equal(presentedSerial([request(101, letIn), request(401, refused)]), "#5");
});

test("without anybody let in, the last serial shown counts, round trips without one do not", () => {
  assert.equal(presentedSerial([request(401, refused), request(401, nothing)]), "#4");
  assert.equal(presentedSerial([request(401, nothing)]), null);
  assert.equal(presentedSerial([]), null);
});

test("a failure of the lab is not the browser's", () => {
  assert.equal(stateOf({ outcome: "harness-error", reason: "" }), "lab-failed");
  assert.equal(stateOf({ outcome: "timeout", reason: "" }), "unknown");
  assert.equal(stateOf({ outcome: "fail", kind: "let-in", attempt: 0, reason: "" }), "ko");
  assert.equal(stateOf({ outcome: "pass", reason: "" }), "ok");
});

test("a reason becomes a sentence, whatever it ends with", () => {
  assert.equal(sentence("was refused"), "Was refused.");
  assert.equal(sentence("Who? I."), "Who? I.");
});

function request(status: number, judgement: Judgement): Extract<Evidence, { type: "request" }> {
  return {
    at: 1,
    type: "request",
    method: "GET",
    upgrade: true,
    origin: null,
    status,
    ...judgement,
  };
}
