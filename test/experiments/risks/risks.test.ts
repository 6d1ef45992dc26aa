import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt, Search } from "../../../model/observation.ts";
import type { JudgedTrial } from "../../../model/results.ts";
import { risks } from "../../../experiments/risks/index.ts";
import type { RiskContext, RiskId, Severity } from "../../../experiments/risks/risk.ts";
import {
  accepted,
  acceptedWith,
  refused,
  refusedByMessage,
  refusedWith,
  request,
} from "../report/sample-attempts.ts";
import { sampleFirefoxRun } from "../report/sample-results.ts";
import { assess, keptOut, letIn, lost, own, threw, trialOf, unmade, waited } from "./made-up.ts";

interface Row {
  readonly name: string;
  readonly trial: JudgedTrial;
  readonly context?: Partial<RiskContext>;
  /** Of every cell, worst first. */
  readonly cells: readonly (readonly [word: string, severity: Severity, sentence: RegExp])[];
}

const notAccepted: Attempt = { ...keptOut(), present: "fresh", given: "#1", expect: "accepted" };
const planted: Attempt = {
  ...lost({ present: "fresh", given: "#1", user: "mallory", from: "sibling-page", plants: true }),
  events: [],
};
const victim = accepted("#2", "alice", "cookie");

const plantedAgain: Attempt = { ...planted, given: "#3" };

function plant(
  second: Attempt,
  first: Attempt = planted,
  later: readonly Attempt[] = [plantedAgain, letIn({}, "alice", "#2")],
): JudgedTrial {
  return trialOf("planting", "plant-sibling", [first, second, ...later]);
}

function plantTwice(
  last: Attempt | undefined,
  more: Partial<JudgedTrial> = {},
  second: Attempt = plantedAgain,
): JudgedTrial {
  const attempts = [planted, victim, second, ...(last === undefined ? [] : [last])];
  return trialOf("planting", "plant-sibling", attempts, more);
}

function keptOutWith(presented: `#${number}`, refusal: string): Attempt {
  return { ...refused("none", presented, refusal, "cookie"), given: null, expect: "any" };
}

const plantings: readonly Row[] = [
  {
    name: "a victim who is let in as the attacker",
    trial: plant({ ...acceptedWith("#1", "#2", "mallory"), user: "alice" }),
    cells: [
      [
        "attacker's session",
        "danger",
        /let in as mallory, for whom a page on a sibling subdomain had planted/,
      ],
    ],
  },
  {
    name: "a victim who is let in as themselves",
    trial: plant(victim),
    cells: [["own session", "fine", /let in as alice, whatever a page on a sibling/]],
  },
  {
    name: "a victim whose socket presents what was planted, and is refused",
    trial: plant(refusedWith("#1", "#2", "not a session")),
    cells: [
      ["locked out", "mind", /presented what .* had planted, and was refused: not a session/],
    ],
  },
  {
    name: "a victim whose socket presents nothing",
    trial: plant({ ...notAccepted, given: "#2" }),
    cells: [["nothing shown", "unknown", /presented nothing and was refused \(no credential\)/]],
  },
  {
    name: "a victim whose own token is refused",
    trial: plant(refused("fresh", "#2", "token already used")),
    cells: [["nothing shown", "unknown", /presented its own token and was refused/]],
  },
  {
    name: "a victim who is let in as the attacker, when that plants once more",
    trial: plantTwice(letIn({ user: "alice" }, "mallory", "#3")),
    cells: [["attacker's session", "danger", /took the place of the victim's own cookie/]],
  },
  {
    name: "a victim whose next socket presents something else, and is refused",
    trial: plantTwice(keptOutWith("#3", "not a session")),
    cells: [["locked out", "mind", /another token than the victim's, and was refused: not a/]],
  },
  {
    name: "a victim whose next socket presents the victim's own token, and is refused",
    trial: plantTwice(keptOutWith("#2", "token already used")),
    cells: [["own session", "fine", /let in as alice/]],
  },
  {
    name: "a victim whose next socket presents nothing",
    trial: plantTwice(keptOut()),
    cells: [["own session", "fine", /let in as alice/]],
  },
  {
    name: "a victim whose next socket is refused for its origin",
    trial: plantTwice(keptOut({}, "origin not allowed")),
    cells: [["nothing shown", "unknown", /next socket gets, .* origin not allowed\.$/]],
  },
  {
    name: "a victim whose next socket the browser does not open",
    trial: plantTwice(threw()),
    cells: [["nothing shown", "unknown", /next socket gets, .* SecurityError/]],
  },
  {
    name: "a victim of whose next socket no server heard",
    trial: plantTwice(lost()),
    cells: [["nothing shown", "unknown", /next socket gets, .* no server heard of it/]],
  },
  {
    name: "a page that cannot plant once more",
    trial: plantTwice(letIn({}, "alice", "#2"), {}, { ...plantedAgain, ...threw(), plants: true }),
    cells: [["nothing shown", "unknown", /next socket gets, .* SecurityError/]],
  },
  {
    name: "a crash before the next socket",
    trial: plantTwice(undefined, { failure: { outcome: "crash", reason: "it stopped answering" } }),
    cells: [["nothing shown", "unknown", /next socket gets, .* it stopped answering/]],
  },
  {
    name: "a page that cannot plant",
    trial: plant(victim, { ...planted, ...threw(), plants: true, from: "sibling-page" }),
    cells: [["nothing planted", "unknown", /SecurityError/]],
  },
  {
    name: "a victim that no server heard of",
    trial: plant(lost({ present: "fresh", given: "#2" })),
    cells: [["nothing shown", "unknown", /no server heard of it/]],
  },
  {
    name: "a browser that crashed",
    trial: unmade("planting", "plant-sibling"),
    cells: [["nothing planted", "unknown", /the browser stopped answering/]],
  },
];

const clean: Search = { place: "Referer", state: "clean" };
const logged: Search = {
  place: "access log",
  state: "found",
  encoding: "raw",
  excerpt: '"GET /?token=#1 HTTP/1.1" 101',
};
const unsearched: Search = { place: "console", state: "unsearched", reason: "it has none to read" };

function searched(...searches: readonly Search[]): JudgedTrial {
  return trialOf("leaks", "leaks", [{ ...own, searched: true, searches }]);
}

function consoles(
  good: Search,
  bad?: Search,
  attempt: Attempt = refused("forged", "#2", "unknown token"),
): JudgedTrial {
  return trialOf("leaks", "leaks", [
    { ...own, searched: true, searches: [{ ...good, place: "console" }] },
    {
      ...attempt,
      searched: true,
      searches: bad === undefined ? [] : [{ ...bad, place: "console" }],
    },
  ]);
}

const leaking: readonly Row[] = [
  {
    name: "a token in a log, and nowhere else",
    trial: searched(clean, logged),
    cells: [
      ["written down", "danger", /^The server's access log holds the token \(raw\)\.$/],
      ["not found", "fine", /^Not found: Referer\.$/],
    ],
  },
  {
    name: "a token in a log that lets nobody else in",
    trial: searched(logged),
    context: { all: [replayed(refused("fresh", "#1", "token already used"))] },
    cells: [["written down, of no use", "mind", /access log holds the token/]],
  },
  {
    name: "a token in a log that may let somebody else in, for all that is known",
    trial: searched(logged),
    context: { all: [replayed(lost())] },
    cells: [["written down", "danger", /access log holds the token/]],
  },
  {
    name: "a token in the page and in the server's answer, encoded",
    trial: searched(
      { ...logged, place: "socket's url", encoding: "percent" },
      { ...logged, place: "answer to the handshake", encoding: "base64url" },
    ),
    cells: [
      ["sent back", "mind", /answer to the handshake holds the token \(base64url\)/],
      ["readable in the page", "mind", /url property holds the token \(percent\)/],
    ],
  },
  {
    name: "a token that is sent on",
    trial: searched({ ...logged, place: "Referer" }),
    cells: [["sent elsewhere", "danger", /Referer of a later request/]],
  },
  {
    name: "a place where nobody could look",
    trial: searched(unsearched),
    cells: [["not searched", "unknown", /^Not searched: console \(it has none to read\)\.$/]],
  },
  {
    name: "a search for a token that was never presented",
    trial: trialOf("leaks", "leaks", [
      { ...lost({ present: "fresh", given: "#1" }), searches: [clean] },
    ]),
    cells: [
      [
        "nothing shown",
        "unknown",
        /to no purpose: Referer \(the token was never presented: no server/,
      ],
    ],
  },
  {
    name: "a forged token that the server refused, which was presented all the same",
    trial: trialOf("leaks", "leaks", [
      { ...refused("forged", "#1", "unknown token"), searches: [clean] },
    ]),
    cells: [["not found", "fine", /Referer/]],
  },
  {
    name: "a token that only the refused attempt left behind",
    trial: trialOf("leaks", "leaks", [
      { ...own, searches: [{ ...clean, place: "console" }] },
      {
        ...refused("forged", "#2", "unknown token"),
        searches: [{ ...logged, place: "console" }],
      },
    ]),
    cells: [["written down", "danger", /browser's console/]],
  },
  {
    name: "a search that was cut short",
    trial: trialOf("leaks", "leaks", [{ ...own, searched: true, searches: [clean, logged] }], {
      failure: { outcome: "crash", reason: "it stopped answering" },
    }),
    cells: [
      ["written down", "danger", /access log holds the token/],
      ["nothing shown", "unknown", /^Searched to no purpose: Referer \(it stopped answering\)\.$/],
    ],
  },
  {
    name: "a console that is clean after every attempt",
    trial: consoles(clean, clean),
    cells: [["not found", "fine", /^Not found: console\.$/]],
  },
  {
    name: "a console that nobody could read after one of two attempts",
    trial: consoles(clean, unsearched),
    cells: [["not searched", "unknown", /^Not searched: console \(it has none to read\)\.$/]],
  },
  {
    name: "a console that was searched after one of two attempts",
    trial: consoles(clean),
    cells: [["nothing shown", "unknown", /console \(not every attempt was searched\)/]],
  },
  {
    name: "a console after an attempt that never presented its token",
    trial: consoles(clean, clean, lost({ present: "forged", given: "#2" })),
    cells: [["nothing shown", "unknown", /console \(the token was never presented: no server/]],
  },
  {
    name: "an attempt after which nothing was searched",
    trial: unmade("leaks", "leaks"),
    cells: [["nothing shown", "unknown", /the browser stopped answering/]],
  },
];

function again(second: Attempt, first: Attempt = own): JudgedTrial {
  return trialOf("ambience", "ambient-page", [first, second]);
}

const ambient: readonly Row[] = [
  {
    name: "the same page, let in",
    trial: again(letIn()),
    cells: [["let in again", "mind", /^Without a token, the page was let in as alice\.$/]],
  },
  {
    name: "another site's frame, let in",
    trial: again(letIn({ from: "cross-site-frame" })),
    cells: [["let in for others", "danger", /a frame of another site was let in as alice/]],
  },
  {
    name: "the page after a restart, let in",
    trial: again(letIn({ from: "restarted" })),
    cells: [["let in after restart", "mind", /after a restart of the browser was let in as alice/]],
  },
  {
    name: "another tab, let in as another user",
    trial: again(letIn({ from: "tab" }, "bob")),
    cells: [["let in as another", "danger", /in another tab was let in as bob/]],
  },
  {
    name: "another site's frame, refused",
    trial: again(keptOut({ from: "cross-site-frame" }, "origin not allowed")),
    cells: [["refused for its origin", "mind", /was refused for its origin/]],
  },
  {
    name: "a frame that the browser lets open no socket",
    trial: again(threw({ from: "cross-site-frame" })),
    cells: [["not let in", "fine", /refused: SecurityError: … is not for you/]],
  },
  {
    name: "a tab that no server heard of",
    trial: again(lost({ from: "tab" })),
    cells: [
      [
        "nothing shown",
        "unknown",
        /whether the page in another tab gets in: no server heard of it/,
      ],
    ],
  },
  {
    name: "a good token that was refused before",
    trial: again(keptOut(), notAccepted),
    cells: [["nothing remembered", "unknown", /no credential/]],
  },
  {
    name: "a browser that cannot be restarted",
    trial: unmade("ambience", "ambient-restart", { outcome: "unsupported", reason: "it cannot" }),
    cells: [["nothing shown", "unknown", /it cannot/]],
  },
];

function replayed(
  second: Attempt,
  { first = own, scheme = "wss" }: { first?: Attempt; scheme?: "ws" | "wss" } = {},
): JudgedTrial {
  const attempts = [first, { ...second, present: "replayed", from: "program" } as const];
  return trialOf("replay", "replay-closed", attempts, { scheme });
}

const replays: readonly Row[] = [
  {
    name: "a repetition that is let in",
    trial: replayed(letIn()),
    cells: [["let in again", "mind", /repeated it after it closed was let in as alice/]],
  },
  {
    name: "a repetition of what everybody on the way can read",
    trial: replayed(letIn(), { scheme: "ws" }),
    cells: [["replayed, and in the open", "danger", /let in as alice/]],
  },
  {
    name: "a repetition that is refused",
    trial: replayed(refused("fresh", "#1", "token already used")),
    cells: [["refused", "fine", /refused: token already used/]],
  },
  {
    name: "a repetition in which no server found a credential",
    trial: replayed(keptOut()),
    cells: [["nothing shown", "unknown", /held nothing that a server took for a credential/]],
  },
  {
    name: "a repetition of a handshake whose credential was in TLS",
    trial: replayed(keptOut(), { first: accepted("#1", "alice", "client certificate") }),
    cells: [
      [
        "nothing to replay",
        "fine",
        /repeated it after it closed had nothing to present \(no cred.* \(client certificate\)/,
      ],
    ],
  },
  {
    name: "a repetition of which it is unknown whether it was made, of a credential that was in TLS",
    trial: replayed(waited(keptOut()), { first: accepted("#1", "alice", "client certificate") }),
    cells: [["nothing shown", "unknown", /held nothing that a server took for a credential/]],
  },
  {
    name: "a credential in TLS, and a repetition that is refused for another reason",
    trial: replayed(keptOut({}, "origin not allowed"), {
      first: accepted("#1", "alice", "client certificate"),
    }),
    cells: [["nothing shown", "unknown", /held nothing that a server took for a credential/]],
  },
  {
    name: "a repetition that no server heard of",
    trial: replayed(lost()),
    cells: [["nothing shown", "unknown", /no server heard of it/]],
  },
  {
    name: "a first connection that was refused",
    trial: replayed(keptOut(), { first: notAccepted }),
    cells: [["nothing shown", "unknown", /nothing to repeat: no credential/]],
  },
  {
    name: "a browser that crashed",
    trial: unmade("replay", "replay-open"),
    cells: [["nothing shown", "unknown", /the browser stopped answering/]],
  },
];

const downed: Attempt = { ...lost({ present: "fresh", given: "#2" }), fault: "down" };

function failing(expired: Attempt, down: Attempt = downed): JudgedTrial {
  return trialOf("visibility", "expired-or-down", [expired, down]);
}

const visible: readonly Row[] = [
  {
    name: "a refusal with a close code and a reason",
    trial: failing(refusedByMessage("expired", "#1", "expired token")),
    cells: [["says why", "fine", /sees open, close 1008 expired token/]],
  },
  {
    name: "a refusal in the handshake",
    trial: failing(refused("expired", "#1", "expired token")),
    cells: [["looks like an outage", "mind", /cannot tell them: both show error, close 1006/]],
  },
  {
    name: "a refusal that only looks different",
    trial: failing({
      ...refused("expired", "#1", "expired token"),
      events: [
        { at: 1, type: "open", protocol: "" },
        { at: 2, type: "close", code: 1006, reason: "", wasClean: false },
      ],
    }),
    cells: [["can be told, unsaid", "mind", /opened against never opened/]],
  },
  {
    name: "a refusal of a request before the socket",
    trial: failing({
      ...refused("expired", "#1", "expired token"),
      end: "threw",
      events: [{ at: 1, type: "exception", name: "Error", message: "no session: 401" }],
      evidence: [
        request({ status: 401, upgrade: false, presented: "#1", refusal: "expired token" }),
      ],
    }),
    cells: [["says why over HTTP", "fine", /No socket was opened: .* no session: 401/]],
  },
  {
    name: "an expired token that is let in",
    trial: failing({ ...accepted("#1"), present: "expired", expect: "refused" }),
    cells: [["nothing was refused", "unknown", /let in as alice/]],
  },
  {
    name: "an expired token that was never presented",
    trial: failing({ ...keptOut(), present: "expired", given: "#1" }),
    cells: [["nothing was refused", "unknown", /never presented: no credential/]],
  },
  {
    name: "code that throws whatever it is given",
    trial: failing(threw({ present: "expired", given: "#1" }), threw({ fault: "down" })),
    cells: [["nothing was refused", "unknown", /never presented: SecurityError/]],
  },
  {
    name: "an outage that nobody tried",
    trial: trialOf("visibility", "expired-or-down", [refused("expired", "#1", "expired token")]),
    cells: [["nothing shown", "unknown", /what the page sees of an outage: it was not tried/]],
  },
  {
    name: "a browser that crashed",
    trial: unmade("visibility", "expired-or-down"),
    cells: [["nothing shown", "unknown", /the browser stopped answering/]],
  },
];

const forged = refused("forged", "#2", "unknown token", "cookie");
const third = accepted("#3", "alice", "cookie");

function recovering(...attempts: readonly Attempt[]): JudgedTrial {
  return trialOf("recovery", "recovery", attempts);
}

const inVain: Attempt = { ...lost({ present: "fresh", given: "#3" }), end: "timeout", events: [] };
const firefox = sampleFirefoxRun([]);
/** Firefox as users have it. */
const delaying: Partial<RiskContext> = {
  run: { ...firefox, profile: { ...firefox.profile, reconnectBackoff: "default" } },
};

function late(attempt: Attempt, at: number): Attempt {
  return { ...attempt, evidence: attempt.evidence.map((entry) => ({ ...entry, at })) };
}

const recoveries: readonly Row[] = [
  {
    name: "good, bad, good",
    trial: recovering(own, forged, third),
    cells: [
      ["recovers", "fine", /After a refusal \(unknown token\) the next good token was accepted/],
    ],
  },
  {
    name: "a good token that is refused after a bad one",
    trial: recovering(own, forged, { ...third, ...refusedWith("#2", "#3", "unknown token") }),
    cells: [["stays broken", "danger", /refused too: unknown token/]],
  },
  {
    name: "an older token presented after a bad one",
    trial: recovering(own, forged, acceptedWith("#1", "#3")),
    cells: [
      ["another token presented", "danger", /presented the token of attempt 1 instead of its own/],
    ],
  },
  {
    name: "a bad token for which an older one is presented",
    trial: recovering(own, { ...letIn(), present: "forged", given: "#2" }, third),
    cells: [
      ["bad one let in", "danger", /presented the token of attempt 1 and was let in as alice/],
    ],
  },
  {
    name: "a good token that no server heard of after a bad one",
    trial: recovering(own, forged, lost({ present: "fresh", given: "#3" })),
    cells: [["nothing shown", "unknown", /no server heard of it/]],
  },
  {
    name: "a bad token that no server heard of",
    trial: recovering(own, lost({ present: "forged", given: "#2" }), third),
    cells: [["nothing shown", "unknown", /what the bad token did: no server heard of it/]],
  },
  {
    name: "a good token that was refused at first",
    trial: recovering(notAccepted),
    cells: [["nothing to recover", "unknown", /no credential/]],
  },
  {
    name: "a try that is held back",
    trial: trialOf("recovery", "backoff", [own, forged, forged, late(third, 4_200)]),
    context: delaying,
    cells: [["held back", "mind", /reached the server about 4 s after/]],
  },
  {
    name: "a try that is made at once, although the technique takes its time",
    trial: trialOf("recovery", "backoff", [
      late(own, 900),
      late(forged, 800),
      late(forged, 900),
      late(third, 1_100),
    ]),
    context: delaying,
    cells: [["recovers", "fine", /made at once/]],
  },
  {
    name: "a try that is held back for little longer than the very first one took",
    trial: trialOf("recovery", "backoff", [late(own, 300), late(forged, 10), late(third, 780)]),
    context: delaying,
    cells: [["held back", "mind", /about 1 s after/]],
  },
  {
    name: "a try that would be held back in a run in which the delay is switched off",
    trial: trialOf("recovery", "backoff", [own, forged, forged, late(third, 4_200)]),
    cells: [],
  },
  {
    name: "a first token that was refused, before any delay",
    trial: trialOf("recovery", "backoff", [notAccepted, forged, forged, third]),
    context: delaying,
    cells: [["nothing to recover", "unknown", /no credential/]],
  },
  {
    name: "a first token that no server heard of, before any delay",
    trial: trialOf("recovery", "backoff", [lost({ present: "fresh", given: "#1" }), forged, third]),
    context: delaying,
    cells: [["nothing shown", "unknown", /no server heard of it/]],
  },
  {
    name: "a try that is held back for longer than the page waits",
    trial: trialOf("recovery", "backoff", [own, forged, forged, inVain]),
    context: delaying,
    cells: [["held back", "mind", /held back for longer than the page waits/]],
  },
  {
    name: "a page that waits in vain before anything has failed",
    trial: trialOf("recovery", "backoff", [own, inVain, inVain, late(third, 4_200)]),
    context: delaying,
    cells: [["nothing shown", "unknown", /no try after a failure reached the server/]],
  },
  {
    name: "a page that waits in vain for what it asks for before its socket",
    trial: trialOf("recovery", "backoff", [
      { ...own, evidence: [request({ status: 200, upgrade: false }), ...own.evidence] },
      forged,
      inVain,
      third,
    ]),
    context: delaying,
    cells: [["nothing shown", "unknown", /no server heard of it; the page saw nothing/]],
  },
  {
    name: "a crash after tries that were made at once",
    trial: trialOf("recovery", "backoff", [own, forged, forged], {
      failure: { outcome: "crash", reason: "it stopped answering" },
    }),
    context: delaying,
    cells: [["nothing shown", "unknown", /it stopped answering/]],
  },
  {
    name: "a crash after a try that was held back",
    trial: trialOf("recovery", "backoff", [own, forged, late(forged, 4_200)], {
      failure: { outcome: "crash", reason: "it stopped answering" },
    }),
    context: delaying,
    cells: [["held back", "mind", /about 4 s after/]],
  },
  {
    name: "tries of which none reached the server",
    trial: trialOf("recovery", "backoff", [own, lost(), lost()]),
    context: delaying,
    cells: [["nothing shown", "unknown", /no try after a failure reached the server/]],
  },
];

const closed: Attempt = {
  ...own,
  afterwards: "be-revoked",
  events: [
    ...own.events.filter(({ type }) => type !== "close"),
    { at: 9, type: "close", code: 4401, reason: "token revoked", wasClean: true },
  ],
};
const cut: Attempt = {
  ...closed,
  events: [
    ...own.events.filter(({ type }) => type !== "close"),
    { at: 9, type: "close", code: 1006, reason: "", wasClean: false },
  ],
};
const stillOpen: Attempt = {
  ...closed,
  events: [
    ...own.events.filter(({ type }) => type !== "close"),
    { at: 999, type: "close", code: 4000, reason: "still open although …", wasClean: true },
  ],
};
const old: Attempt = {
  ...refused("again", "#1", "revoked token", "cookie"),
  expect: "refused",
};

function ending(attempts: readonly Attempt[], more: Partial<JudgedTrial> = {}): JudgedTrial {
  return trialOf("session-end", "revoked-open", attempts, more);
}

const endings: readonly Row[] = [
  {
    name: "a socket that is closed, and a token that is refused",
    trial: ending([closed, old, keptOut()]),
    cells: [
      [
        "ends with it",
        "fine",
        /closed with 4401 \(token revoked\), and the old credential was refused: revoked token/,
      ],
    ],
  },
  {
    name: "a socket that stays open",
    trial: ending([stillOpen, old]),
    cells: [["stays open", "danger", /stayed open when the session was over \(revoked\)\.$/]],
  },
  {
    name: "a socket that stays open for longer than the page waits",
    trial: ending([{ ...waited(closed), afterwards: "stay" }, old]),
    cells: [["stays open", "danger", /stayed open when the session was over/]],
  },
  {
    name: "a socket that stays open, for its token is verified without asking anybody",
    trial: ending([{ ...stillOpen, shape: "jwt" }]),
    cells: [["a JWT stays open", "danger", /stayed open when the session was over/]],
  },
  {
    name: "a JSON Web Token's socket that stays open, and a token that opens another",
    trial: ending([{ ...stillOpen, shape: "jwt" }, letIn({ present: "again" })]),
    cells: [["a JWT stays open", "danger", /and a new connection was let in as alice/]],
  },
  {
    name: "a JSON Web Token's socket that stays open without the watch",
    trial: ending([{ ...stillOpen, shape: "jwt", without: "session-watch" }]),
    cells: [["only the session watch", "mind", /Without the watch, the socket stayed open/]],
  },
  {
    name: "a socket that stays open without the watch, and a token that opens another",
    trial: ending([{ ...stillOpen, without: "session-watch" }, letIn({ present: "again" })]),
    cells: [["lets back in", "danger", /Without the watch, .* and a new connection was let in/]],
  },
  {
    name: "a socket that the server closed in time, of which the page did not hear",
    trial: ending([
      {
        ...waited(closed),
        afterwards: "stay",
        evidence: [
          ...own.evidence.filter(({ type }) => type !== "close"),
          { at: 9, type: "close", code: 4401, reason: "expired token" },
        ],
      },
      old,
    ]),
    cells: [["nothing shown", "unknown", /unknown how the socket ended: the page saw timeout/]],
  },
  {
    name: "a socket that stays open, and a token that opens another",
    trial: ending([stillOpen, letIn({ present: "again" })]),
    cells: [["stays open", "danger", /and a new connection was let in as alice/]],
  },
  {
    name: "a socket that stays open without the watch",
    trial: ending([{ ...stillOpen, without: "session-watch" }]),
    cells: [["only the session watch", "mind", /Without the watch, the socket stayed open/]],
  },
  {
    name: "a socket that is closed, and a browser that gets back in by itself",
    trial: ending([closed, old, letIn()]),
    cells: [["lets back in", "danger", /closed with 4401 .*, and a new connection was let in/]],
  },
  {
    name: "a socket that is cut off",
    trial: ending([cut, old, keptOut()]),
    cells: [["closed without saying why", "mind", /closed with 1006, and/]],
  },
  {
    name: "a way back in that no server heard of",
    trial: ending([closed, lost({ present: "again" })]),
    cells: [["nothing shown", "unknown", /no server heard of it/]],
  },
  {
    name: "a crash before anybody tried to get back in",
    trial: ending([closed], { failure: { outcome: "crash", reason: "it stopped answering" } }),
    cells: [["nothing shown", "unknown", /it stopped answering/]],
  },
  {
    name: "a crash after the old token was refused",
    trial: ending([closed, old], { failure: { outcome: "crash", reason: "it stopped answering" } }),
    cells: [["nothing shown", "unknown", /whether anybody gets back in: it stopped answering/]],
  },
  {
    name: "a crash after somebody came back",
    trial: ending([closed, letIn({ present: "again" })], {
      failure: { outcome: "crash", reason: "it stopped answering" },
    }),
    cells: [["lets back in", "danger", /and a new connection was let in as alice/]],
  },
  {
    name: "an old token that was not presented again",
    trial: ending([closed, { ...keptOut(), present: "again", given: "#1" }, keptOut()]),
    cells: [["nothing shown", "unknown", /it was not presented again \(no credential\)/]],
  },
  {
    name: "another token that was presented instead of the old one",
    trial: ending([closed, { ...refusedWith("#7", "#1", "unknown token"), present: "again" }]),
    cells: [["nothing shown", "unknown", /it was not presented again \(unknown token\)/]],
  },
  {
    name: "a page that was never let in",
    trial: ending([notAccepted]),
    cells: [["no session to end", "unknown", /no credential/]],
  },
];

function calling(attempt: Attempt, more: Partial<JudgedTrial> = {}): JudgedTrial {
  const attempts = [{ ...attempt, from: "shared-worker" as const }];
  return trialOf("callers", "caller-shared-worker", attempts, more);
}

const fresh = { present: "fresh", given: "#1" } as const;
const pageRefused = {
  ...trialOf("callers", "valid", [notAccepted]),
  scenario: "valid",
};

const pageLetIn = { ...trialOf("callers", "valid", [own]), scenario: "valid" };
const elsewhere = trialOf("callers", "valid", [own], { placement: "cross-site" });

function failedWith(name: string, message: string): Attempt {
  return { ...lost(fresh), end: "threw", events: [{ at: 1, type: "exception", name, message }] };
}

const exceptions: readonly (readonly [
  name: string,
  message: string,
  word: string,
  severity: Severity,
])[] = [
  ["ReferenceError", "document is not defined", "cannot try", "mind"],
  ["SecurityError", "The operation is insecure.", "cannot try", "mind"],
  ["NotSupportedError", "not here", "cannot try", "mind"],
  ["TypeError", "Cannot read properties of undefined (reading 'append')", "cannot try", "mind"],
  ["Error", "there is no WebSocketStream here", "cannot try", "mind"],
  ["Error", "no WebCrypto: this page is not a secure context", "cannot try", "mind"],
  ["TypeError", "Failed to fetch", "request failed", "mind"],
  ["TypeError", "NetworkError when attempting to fetch resource.", "request failed", "mind"],
  ["TypeError", "Load failed", "request failed", "mind"],
  ["NetworkError", "", "request failed", "mind"],
  ["Error", "the priming request failed", "request failed", "mind"],
  ["Error", "the priming request was answered with 403", "request failed", "mind"],
  ["Error", "no ticket: 403", "request failed", "mind"],
  ["Error", "Socket.IO opened no WebSocket", "nothing shown", "unknown"],
];

const calls: readonly Row[] = [
  ...exceptions.map(([name, message, word, severity]): Row => {
    return {
      name: `a worker whose code throws ${name}: ${message}`,
      trial: calling(failedWith(name, message)),
      context: { all: [pageLetIn] },
      cells: [[word, severity, new RegExp(name, "u")]],
    };
  }),
  {
    name: "a worker whose request fails where the page itself is refused",
    trial: calling(failedWith("TypeError", "Failed to fetch")),
    context: { all: [pageRefused] },
    cells: [["not even the page", "unknown", /^Neither a shared worker .* nor the page itself/]],
  },
  {
    name: "a worker that is refused where nobody tried the page",
    trial: calling(keptOut(fresh)),
    context: { all: [elsewhere] },
    cells: [["nothing shown", "unknown", /whether the page itself gets in was not shown/]],
  },
  {
    name: "a worker that is refused where the page's own attempt crashed",
    trial: calling(keptOut(fresh)),
    context: { all: [unmade("callers", "valid")] },
    cells: [["nothing shown", "unknown", /whether the page itself gets in was not shown/]],
  },
  {
    name: "a worker that is let in",
    trial: calling(own),
    cells: [["let in", "fine", /With its own token, a shared worker was let in/]],
  },
  {
    name: "a worker for which another token is presented",
    trial: calling({ ...acceptedWith("#7", "#1") }),
    cells: [["another credential", "danger", /presented a token of another trial/]],
  },
  {
    name: "a worker that presents nothing",
    trial: calling(keptOut(fresh)),
    context: { all: [pageLetIn] },
    cells: [["nothing presented", "mind", /a shared worker presented nothing, and was refused/]],
  },
  {
    name: "a worker whose origin is refused",
    trial: calling(keptOut(fresh, "origin not allowed")),
    context: { all: [pageLetIn] },
    cells: [["refused for its origin", "mind", /Refused to a shared worker/]],
  },
  {
    name: "a worker in which the code cannot run",
    trial: calling(threw(fresh, "ReferenceError")),
    context: { all: [pageLetIn] },
    cells: [["cannot try", "mind", /No socket was opened by a shared worker: ReferenceError/]],
  },
  {
    name: "a worker whose token is refused",
    trial: calling(refused("fresh", "#1", "wrong proof")),
    context: { all: [pageLetIn] },
    cells: [["refused", "mind", /With its own token, a shared worker was refused: wrong proof/]],
  },
  {
    name: "a worker where the page itself is refused",
    trial: calling(keptOut(fresh)),
    context: { all: [pageRefused] },
    cells: [["not even the page", "unknown", /nor the page itself gets in/]],
  },
  {
    name: "a worker in which the code waits for ever",
    trial: calling({ ...lost(fresh), end: "timeout", events: [] }),
    context: { all: [pageLetIn] },
    cells: [["waits in vain", "mind", /Where a shared worker runs it, the code waits/]],
  },
  {
    name: "a worker that no server heard of",
    trial: calling(lost(fresh)),
    cells: [["nothing shown", "unknown", /whether a shared worker gets in: no server heard of it/]],
  },
  {
    name: "a browser that has no such worker",
    trial: unmade("callers", "caller-shared-worker", { outcome: "unsupported", reason: "none" }),
    cells: [["nothing shown", "unknown", /whether a shared worker gets in: none/]],
  },
  {
    name: "a handshake that the lab itself turned away",
    trial: calling({ ...keptOut(fresh), evidence: [request({ status: 503 })] }),
    cells: [["nothing shown", "unknown", /the lab itself turned it away, with status 503/]],
  },
];

const tables: Readonly<Record<Exclude<RiskId, "hijacking">, readonly Row[]>> = {
  planting: plantings,
  leaks: leaking,
  ambience: ambient,
  replay: replays,
  visibility: visible,
  recovery: recoveries,
  "session-end": endings,
  callers: calls,
};

for (const risk of risks) {
  const rows = risk.id === "hijacking" ? [] : tables[risk.id];
  describe(`${risk.id}, from what both ends saw:`, () => {
    for (const { name, trial, context = {}, cells } of rows) {
      test(name, () => {
        const found = assess(risk, [trial], context);
        assert.deepEqual(
          found.map(({ word, severity }) => [word, severity]),
          cells.map(([word, severity]) => [word, severity]),
        );
        for (const [index, [, , sentence]] of cells.entries()) {
          assert.match(found[index]?.sentence ?? "", sentence);
        }
      });
    }
  });
}

describe("every risk", () => {
  for (const risk of risks) {
    test(`${risk.id} calls every outcome by a word of its own, and gives one sentence of advice`, () => {
      const words = risk.outcomes.map(({ word }) => word);
      assert.equal(new Set(words).size, words.length);
      for (const { advice } of risk.outcomes)
        assert.match(advice, /^[A-Z][^.]*(?:\.[^ .][^.]*)*\.$/);
      assert.match(risk.question, /\?$/);
    });

    test(`${risk.id} has nothing to say of no trials`, () => {
      assert.deepEqual(assess(risk, []), []);
    });

    test(`${risk.id} never calls what crashed fine`, () => {
      const scenario = risk.id === "visibility" ? "expired-or-down" : risk.id;
      const severities = assess(risk, [unmade(risk.id, scenario)]).map(({ severity }) => severity);
      assert.deepEqual(severities, ["unknown"]);
    });
  }

  test("looks for hijacking first, in the order of the registry", () => {
    assert.equal(new Set(risks.map(({ id }) => id)).size, 9);
    assert.equal(risks[0]?.id, "hijacking");
  });
});

describe("ambience", () => {
  test("is told by attempts at hijacking where nobody asked for it", () => {
    const hijacked = trialOf("hijacking", "hijack-cross-site", [own, letIn(), keptOut()]);
    const tab = trialOf("ambience", "ambient-tab", [own, keptOut({ from: "tab" })]);
    const ambience = risks.find(({ id }) => id === "ambience");
    assert.ok(ambience);
    assert.deepEqual(
      assess(ambience, [tab, hijacked]).map(({ word, where }) => [word, where.callers]),
      [
        ["let in again", ["page"]],
        ["not let in", ["tab"]],
      ],
    );
  });
});
