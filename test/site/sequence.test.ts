import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readPublished } from "../../experiments/results-files.ts";
import type { Attempt, Evidence, PageEvent } from "../../model/observation.ts";
import { causesOf } from "../../site/views/sequence-causes.ts";
import { type Step, sequenceSteps } from "../../site/views/sequence-steps.ts";
import { stepParts } from "../../site/views/sequence-words.ts";

const plan = {
  present: "fresh",
  user: "alice",
  singleUse: false,
  expect: "accepted",
  given: "#1",
  end: "completed",
} as const;

const nothing = { presented: null, via: null, user: null, refusal: null };
const own = { presented: "#1", via: "message", user: "alice", refusal: null } as const;

function request(at: number, rest: Partial<Extract<Evidence, { type: "request" }>>): Evidence {
  return {
    at,
    type: "request",
    method: "GET",
    upgrade: false,
    origin: null,
    status: 200,
    ...nothing,
    ...rest,
  };
}

const handshake = { upgrade: true, status: 101 };
const clean = { type: "close", code: 1000, reason: "" } as const;
const open = { type: "open", protocol: "" } as const;
const hello = { type: "message", data: "Hello alice!" } as const;

const orders: readonly {
  readonly name: string;
  readonly attempt: Partial<Attempt>;
  readonly order: readonly string[];
  readonly shiftMs: number | null;
}[] = [
  {
    name: "the answer to a handshake comes before the page's open, whatever the clocks say",
    attempt: {
      events: [
        { at: 5, ...open },
        { at: 6, ...hello },
        { at: 7, ...clean, wasClean: true },
      ],
      evidence: [request(25, { ...handshake, ...own }), { at: 30, ...clean }],
    },
    order: ["handed-out", "request 101", "open", "said Hello alice!", "closed 1000"],
    shiftMs: 20,
  },
  {
    name: "a greeting comes after the credential that it answers",
    attempt: {
      events: [
        { at: 1, ...open },
        { at: 2, ...hello },
      ],
      evidence: [request(1, handshake), { at: 50, type: "message", ...own }],
    },
    order: ["handed-out", "request 101", "open", "credential", "said Hello alice!"],
    shiftMs: 48,
  },
  {
    name: "a refused handshake comes before the page's error",
    attempt: {
      events: [
        { at: 1, type: "error" },
        { at: 1, type: "close", code: 1006, reason: "", wasClean: false },
      ],
      evidence: [request(9, { ...handshake, status: 401, refusal: "no credential" })],
    },
    order: ["handed-out", "request 401", "error", "close 1006"],
    shiftMs: 8,
  },
  {
    name: "a renewal comes after the greeting",
    attempt: {
      afterwards: "renew",
      renewedWith: "#2",
      events: [
        { at: 10, ...open },
        { at: 20, ...hello },
        { at: 21, type: "message", data: "Renewed." },
      ],
      evidence: [
        request(1, handshake),
        { at: 2, type: "message", ...own },
        { at: 3, type: "message", ...own, presented: "#2" },
      ],
    },
    order: [
      "handed-out",
      "request 101",
      "open",
      "credential",
      "said Hello alice!",
      "credential",
      "said Renewed.",
    ],
    shiftMs: 0,
  },
  {
    name: "ends that saw different codes say so each for itself",
    attempt: {
      events: [
        { at: 1, ...open },
        { at: 3, type: "close", code: 1008, reason: "", wasClean: true },
      ],
      evidence: [
        request(1, handshake),
        { at: 2, type: "message", ...nothing, refusal: "no credential" },
        { at: 4, type: "close", code: 1005, reason: "" },
      ],
    },
    order: ["handed-out", "request 101", "open", "missed", "close 1008", "server-closed 1005"],
    shiftMs: 0,
  },
  {
    name: "what a page's code throws comes after the answer that it throws for",
    attempt: {
      end: "threw",
      events: [{ at: 1, type: "exception", name: "Error", message: "no ticket: 401" }],
      evidence: [request(5, { method: "POST", status: 401, refusal: "unknown token" })],
    },
    order: ["handed-out", "request 401", "exception"],
    shiftMs: 4,
  },
  {
    name: "nothing is drawn of a token that nobody was given",
    attempt: { given: null, present: "none", events: [], evidence: [] },
    order: [],
    shiftMs: null,
  },
  {
    name: "a credential that is stored for another page is planted",
    attempt: { plants: true, events: [], evidence: [] },
    order: ["handed-out", "planted"],
    shiftMs: null,
  },
  {
    name: "a deadline that passed comes last",
    attempt: { end: "timeout", events: [], evidence: [request(5, {})] },
    order: ["handed-out", "request 200", "stopped"],
    shiftMs: null,
  },
];

describe("the steps of an attempt", () => {
  for (const { name, attempt, order, shiftMs } of orders) {
    test(name, () => {
      const sequence = sequenceSteps({ ...plan, events: [], evidence: [], ...attempt });
      assert.deepEqual(sequence.steps.map(nameOf), order);
      assert.equal(sequence.shiftMs, shiftMs);
    });
  }
});

const app = { host: "example.com", origin: "http://example.com" };

function head(...lines: readonly string[]): readonly string[] {
  return lines;
}

const routes: readonly {
  readonly name: string;
  readonly evidence: readonly Evidence[];
  readonly isProxied?: boolean;
  readonly lifelines: readonly string[];
  readonly ways: readonly string[];
}[] = [
  {
    name: "a request to another host than the handshake's goes to the app",
    evidence: [
      request(1, { head: head("POST /login HTTP/1.1", `Host: ${app.host}`) }),
      request(2, { ...handshake, head: head("GET / HTTP/1.1", "Host: ws.example.com") }),
    ],
    lifelines: ["caller", "app", "websocket"],
    ways: ["caller app", "caller websocket"],
  },
  {
    name: "servers of one origin are one",
    evidence: [
      request(2, {
        ...handshake,
        origin: app.origin,
        head: head("GET / HTTP/1.1", `Host: ${app.host}`),
      }),
    ],
    lifelines: ["caller", "servers"],
    ways: ["caller servers"],
  },
  {
    name: "without heads nobody knows which server a plain request went to",
    evidence: [request(1, {}), request(2, handshake)],
    lifelines: ["caller", "servers"],
    ways: ["caller servers", "caller servers"],
  },
  {
    name: "what comes from a frame's origin comes from the frame",
    evidence: [
      request(1, {
        head: head(
          "GET /frame.html HTTP/1.1",
          "Host: ws.test",
          "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Dest: iframe",
        ),
      }),
      request(2, {
        head: head(
          "GET /page.json HTTP/1.1",
          "Host: ws.test",
          "Sec-Fetch-Site: same-origin",
          "Sec-Fetch-Dest: empty",
        ),
      }),
      request(3, {
        ...handshake,
        origin: app.origin,
        head: head("GET / HTTP/1.1", "Host: ws.test"),
      }),
    ],
    lifelines: ["caller", "frame", "app", "websocket"],
    ways: ["caller websocket", "frame websocket", "caller websocket"],
  },
  {
    name: "a frame that opens the socket is no sign that app and server are one",
    evidence: [
      request(1, {
        head: head(
          "GET /frame.html HTTP/1.1",
          "Host: ws.test",
          "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Dest: iframe",
        ),
      }),
      request(2, {
        ...handshake,
        origin: "https://ws.test",
        head: head("GET / HTTP/1.1", "Host: ws.test"),
      }),
    ],
    lifelines: ["caller", "frame", "app", "websocket"],
    ways: ["caller websocket", "frame websocket"],
  },
  {
    name: "what a proxy asks by itself comes from the proxy",
    evidence: [
      request(1, { head: head("GET /auth HTTP/1.0", "Host: ws.test") }),
      request(2, {
        ...handshake,
        origin: app.origin,
        head: head("GET / HTTP/1.1", "Host: ws.test"),
      }),
    ],
    isProxied: true,
    lifelines: ["caller", "proxy", "app", "websocket"],
    ways: ["proxy websocket", "caller websocket"],
  },
  {
    name: "without heads everything behind a proxy comes from the proxy",
    evidence: [request(1, handshake)],
    isProxied: true,
    lifelines: ["caller", "proxy", "app", "websocket"],
    ways: ["proxy websocket"],
  },
];

describe("the lifelines of an attempt", () => {
  for (const { name, evidence, isProxied = false, lifelines, ways } of routes) {
    test(name, () => {
      const sequence = sequenceSteps({ ...plan, events: [], evidence }, { isProxied });
      assert.deepEqual(sequence.lifelines, lifelines);
      assert.deepEqual(
        sequence.steps.flatMap((step) =>
          step.type === "request" ? [`${step.from} ${step.to}`] : [],
        ),
        ways,
      );
    });
  }
});

describe("every published attempt", async () => {
  const runs = (await readPublished()).flatMap((results) => results.runs);
  const attempts = runs.flatMap(({ trials }) => trials.flatMap((trial) => trial.attempts));

  test("has each of its events and entries in one step", () => {
    for (const attempt of attempts) {
      const held = sequenceSteps(attempt).steps.flatMap(contentOf);
      const all = [...attempt.events, ...attempt.evidence];
      assert.equal(held.length, all.length, describeAttempt(attempt));
      assert.equal(new Set(held).size, new Set(all).size, describeAttempt(attempt));
    }
  });

  test("keeps the order of each end, and has no effect before its cause", () => {
    for (const attempt of attempts) {
      const { steps, shiftMs } = sequenceSteps(attempt);
      const places = new Map(
        steps.flatMap((step, index) => contentOf(step).map((one) => [one, index] as const)),
      );
      const place = (one: PageEvent | Evidence): number => places.get(one) ?? Number.NaN;
      for (const list of [attempt.events, attempt.evidence]) {
        const isKept = list.every((one, index) => {
          const before = list[index - 1];
          return before === undefined || place(before) < place(one);
        });
        assert.ok(isKept, describeAttempt(attempt));
      }
      for (const [effect, causes] of causesOf(attempt)) {
        for (const cause of causes) {
          assert.ok(place(cause) < place(effect), describeAttempt(attempt));
          if (attempt.events.some((event) => event === effect) && "user" in cause) {
            // A tenth of a millisecond is what clocks are rounded to.
            assert.ok(effect.at + (shiftMs ?? 0) >= cause.at - 0.1, describeAttempt(attempt));
          }
        }
      }
    }
  });

  test("goes from one of its lifelines to another, and has words for it", () => {
    for (const attempt of attempts) {
      const { steps, lifelines } = sequenceSteps(attempt);
      for (const step of steps) {
        for (const { from, to, words } of stepParts(step, attempt)) {
          assert.ok(lifelines.includes(from) && (to === null || lifelines.includes(to)));
          assert.notEqual(from, to);
          assert.notEqual(String(words).trim(), "");
        }
      }
    }
  });
});

function contentOf(step: Step): (PageEvent | Evidence)[] {
  return [...("event" in step ? [step.event] : []), ...("entry" in step ? [step.entry] : [])];
}

function nameOf(step: Step): string {
  switch (step.type) {
    case "request":
      return `request ${step.entry.status}`;
    case "said":
      return `said ${step.event.data}`;
    case "seen":
      return step.event.type === "close" ? `close ${step.event.code}` : step.event.type;
    case "closed":
      return `closed ${step.event.code}`;
    case "server-closed":
      return `server-closed ${step.entry.code}`;
    case "handed-out":
    case "credential":
    case "missed":
    case "planted":
    case "stopped":
      return step.type;
  }
}

function describeAttempt({ given, events, evidence }: Attempt): string {
  return JSON.stringify({ given, events, evidence });
}
