import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { tellsApart, visibleFailure } from "../../../experiments/risks/visible-failure.ts";
import type { Attempt, PageEvent } from "../../../model/observation.ts";

type Seen = Pick<Attempt, "events" | "end">;

function seen(...events: readonly PageEvent[]): Seen {
  return { end: "completed", events };
}

function open(at = 3): PageEvent {
  return { at, type: "open", protocol: "" };
}

function close(code: number, reason = "", at = 12, wasClean = code !== 1006): PageEvent {
  return { at, type: "close", code, reason, wasClean };
}

function failed(at = 12): Seen {
  return seen({ at, type: "error" }, close(1006, "", at));
}

function threw(message: string): Seen {
  return { end: "threw", events: [{ at: 5, type: "exception", name: "TypeError", message }] };
}

const refusal = (reason: string): PageEvent => ({ at: 5, type: "refusal", code: "0x86", reason });

suite("what a page is left with", () => {
  const rows: [attempt: Seen, saw: string, took: string | null][] = [
    [failed(), "error, close 1006", "about 10 ms"],
    [
      seen(open(), close(4401, "token expired", 4)),
      "open, close 4401 token expired",
      "about 10 ms",
    ],
    [seen(open(), close(1000, "was silent", 1_050)), "open, close 1000 was silent", "about 1 s"],
    [
      seen(open(), refusal("bad user name"), close(1000)),
      "open, refusal 0x86: bad user name, close 1000",
      "about 10 ms",
    ],
    [threw("no ticket"), "TypeError: no ticket", "about 10 ms"],
    [{ end: "timeout", events: [open()] }, "open, no end", null],
    [{ end: "timeout", events: [] }, "no end", null],
    [seen(), "nothing", "under 1 ms"],
    [failed(0.2), "error, close 1006", "under 1 ms"],
    [failed(0.6), "error, close 1006", "about 1 ms"],
    [failed(40), "error, close 1006", "about 100 ms"],
    [failed(10_400), "error, close 1006", "about 10 s"],
  ];
  for (const [attempt, saw, took] of rows) {
    test(`${saw}, ${took ?? "at no time"}`, () => {
      assert.deepEqual(visibleFailure(attempt), { saw, took });
    });
  }
});

suite("what tells two failures apart", () => {
  const rows: [name: string, a: Seen, b: Seen, apart: boolean, difference: string][] = [
    ["the same, sooner or later", failed(2), failed(4_000), false, "both show error, close 1006"],
    [
      "a close code after opening",
      seen(open(), close(4401, "token expired")),
      failed(),
      true,
      'opened against never opened; close 4401 against close 1006; reason "token expired" against no reason; clean against not clean',
    ],
    [
      "a reason alone",
      seen(open(), close(1008, "expired token")),
      seen(open(), close(1008, "unknown token")),
      true,
      'reason "expired token" against reason "unknown token"',
    ],
    [
      "a refusal in the protocol's words",
      seen(open(), refusal("bad user name"), close(1000)),
      seen(open(), close(1000)),
      true,
      "refusal 0x86: bad user name against no refusal",
    ],
    [
      "whether the end was clean",
      seen(open(), close(1006, "", 12, true)),
      seen(open(), close(1006)),
      true,
      "clean against not clean",
    ],
    [
      "a connection that never ends",
      { end: "timeout", events: [open()] },
      seen(open(), close(1000)),
      true,
      "no close against close 1000; not clean against clean",
    ],
    [
      "what was thrown",
      threw("the login answered 401"),
      threw("Failed to fetch"),
      true,
      "TypeError: the login answered 401 against TypeError: Failed to fetch",
    ],
    [
      "the address and the token's name do not count",
      threw("#3 was refused by https://t1.localhost:8443/login"),
      threw("#4 was refused by https://t1.localhost:9443/login"),
      false,
      "both show TypeError: #3 was refused by https://t1.localhost:8443/login",
    ],
    [
      "what is said meanwhile does not count",
      seen(open(), { at: 4, type: "message", data: "a nonce" }, close(1008)),
      seen(open(), close(1008)),
      false,
      "both show open, message, close 1008",
    ],
  ];
  for (const [name, a, b, apart, difference] of rows) {
    test(name, () => assert.deepEqual(tellsApart(a, b), { apart, difference }));
  }
});
