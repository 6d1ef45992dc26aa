import type { Attempt, ObservedTrial, Serial, TrialFailure } from "../../../model/observation.ts";
import type { BrowserIdentity, JudgedTrial, Results, Run } from "../../../model/results.ts";
import type { Catalogue } from "../../../experiments/report/catalogue.ts";
import { verdict } from "../../../experiments/verdict.ts";
import {
  accepted,
  acceptedByMessage,
  acceptedWith,
  refused,
  refusedByMessage,
  refusedWith,
  request,
} from "./sample-attempts.ts";

/** What the sample results were made from. */
export const sampleCatalogue: Catalogue = {
  techniques: [
    { id: "first-message", title: "First message" },
    { id: "query-parameter", title: "Query parameter" },
    { id: "cookie-iframe", title: "Cookie through an iframe" },
    { id: "user-information", title: "User information" },
  ],
  scenarios: [
    { id: "valid", question: "Is a good token accepted?" },
    { id: "missing", question: "Is a connection without a token refused?" },
    { id: "forged", question: "Is a token that was never issued refused?" },
    { id: "expired", question: "Is a token that ran out refused?" },
    { id: "rotation", question: "Does every new connection present its own new token?" },
    {
      id: "rotation-single-use",
      question: "Does every new connection work when a token is accepted once only?",
    },
    {
      id: "rotation-new-user",
      question: "Does every new connection follow a change of user?",
    },
  ],
  conditions: [
    { id: "no-tls", question: "What does a page see when its token is refused?" },
    { id: "untrusted", question: "Is a certificate accepted that nobody vouches for?" },
    { id: "authority", question: "Is a certificate of a trusted authority accepted?" },
  ],
};

const chromium: BrowserIdentity = {
  id: "chrome",
  name: "Chromium",
  version: "156.0.7204.92",
  engine: "Blink",
  os: "Debian GNU/Linux 12",
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
  driver: "puppeteer-cdp",
  versionSource: "driver",
};

const firefox: BrowserIdentity = {
  id: "firefox",
  name: "Firefox",
  version: "153.7.0",
  engine: "Gecko",
  os: "Debian GNU/Linux 12",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
  driver: "puppeteer-bidi",
  versionSource: "driver",
};

const webkit: BrowserIdentity = {
  id: "webkit",
  name: "WebKitGTK MiniBrowser",
  version: "2.50.4",
  engine: "WebKit",
  os: "Debian GNU/Linux 12",
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
  driver: "webdriver",
  versionSource: "driver",
};

/** Three browsers, four techniques, seven scenarios: passes, fails of every word, and a crash. */
export function sampleResults(): Results {
  return {
    schema: "websocket-auth-results/1",
    runs: [
      sampleRun(chromium, [...goodTrials(), ...trialsOf("user-information", rotationsThatMixUp())]),
      sampleRun(firefox, [...goodTrials(), ...trialsOf("user-information", everyOtherFails())]),
      sampleRun(webkit, [
        ...goodTrials().filter(({ technique }) => technique !== "cookie-iframe"),
        ...trialsOf("cookie-iframe", lastOneCrashed()),
        ...trialsOf("user-information", presentsNothing()),
      ]),
    ],
    trust: [],
  };
}

/** A run of the Firefox of the sample, with trials of one's own. */
export function sampleFirefoxRun(trials: readonly JudgedTrial[]): Run {
  return sampleRun(firefox, trials);
}

/** A run with everything but its browser and trials filled in. */
export function sampleRun(browser: BrowserIdentity, trials: readonly JudgedTrial[]): Run {
  return {
    id: `run-${browser.id}`,
    startedAt: "2026-10-02T09:14:07.120Z",
    endedAt: "2026-10-02T09:14:16.482Z",
    harness: {
      version: "0.1.0",
      revision: "3f1c9a7d2b6e4f508a1d7c3e9b2f6a4d8c0e1f5a",
      dirty: false,
    },
    browser,
    profile: {
      name: "default",
      means: [],
      headless: true,
      reconnectBackoff: "off",
      certificates: "default",
    },
    through: null,
    dialogs: [],
    features: [],
    leftOut: [],
    trials,
  };
}

/** A trial judged from its attempts. */
export function sampleTrial(
  technique: string,
  scenario: string,
  attempts: readonly Attempt[],
  failure: TrialFailure | null = null,
): JudgedTrial {
  const observed: ObservedTrial = {
    technique,
    scenario,
    placement: "same-host",
    scheme: "ws",
    definition: `sha256-${technique}-${scenario}`,
    attempts,
    failure,
  };
  return { ...observed, verdict: verdict(observed) };
}

type Attempts = Readonly<Record<string, readonly Attempt[]>>;

function trialsOf(technique: string, attempts: Attempts): JudgedTrial[] {
  return Object.entries(attempts).map(([scenario, made]) =>
    sampleTrial(
      technique,
      scenario,
      made,
      made.length === 0
        ? { outcome: "crash", reason: "WebKitGTK MiniBrowser stopped answering" }
        : null,
    ),
  );
}

function goodTrials(): JudgedTrial[] {
  return [
    ...trialsOf("first-message", {
      valid: [acceptedByMessage("#1")],
      missing: [refusedByMessage("none", null, "no credential in time")],
      forged: [refusedByMessage("forged", "#1", "unknown token")],
      expired: [refusedByMessage("expired", "#1", "expired token")],
      rotation: rotation((serial) => acceptedByMessage(serial)),
      "rotation-single-use": rotation((serial) => acceptedByMessage(serial)),
      "rotation-new-user": rotation(acceptedByMessage, newUsers),
    }),
    ...trialsOf("query-parameter", handshakeTrials("query parameter")),
    ...trialsOf("cookie-iframe", handshakeTrials("cookie", frameRequest)),
  ];
}

const newUsers = ["alice", "bob", "carol", "dave"];
const frameRequest = request({ at: 0.6, status: 200, upgrade: false, origin: null });

function rotation(
  attempt: (serial: Serial, user: string) => Attempt,
  users: readonly string[] = newUsers.map(() => "alice"),
): Attempt[] {
  return users.map((user, index) => attempt(`#${index + 1}`, user));
}

function handshakeTrials(via: string, before?: Attempt["evidence"][number]): Attempts {
  const first = before === undefined ? [] : [before];
  const after = (attempt: Attempt): Attempt => ({
    ...attempt,
    evidence: [...first, ...attempt.evidence],
  });
  const good = (serial: Serial, user: string): Attempt => after(accepted(serial, user, via));
  return {
    valid: [good("#1", "alice")],
    missing: [refused("none", null, "no credential")],
    forged: [after(refused("forged", "#1", "unknown token", via))],
    expired: [after(refused("expired", "#1", "expired token", via))],
    rotation: rotation(good),
    "rotation-single-use": rotation((serial, user) => ({ ...good(serial, user), singleUse: true })),
    "rotation-new-user": rotation(good, newUsers),
  };
}

const basic = "authorization: basic";
const challenged = request({ at: 0.8, status: 401, refusal: "no credential" });

function rotationsThatMixUp(): Attempts {
  const usedUp = "token already used";
  return {
    ...handshakeTrials(basic, challenged),
    rotation: [
      accepted("#1", "alice", basic),
      acceptedWith("#1", "#2"),
      acceptedWith("#1", "#3"),
      acceptedWith("#1", "#4"),
    ],
    "rotation-single-use": [
      { ...accepted("#1", "alice", basic), singleUse: true },
      { ...refusedWith("#1", "#2", usedUp), singleUse: true },
      { ...accepted("#3", "alice", basic), singleUse: true },
      { ...refusedWith("#3", "#4", usedUp), singleUse: true },
    ],
  };
}

function everyOtherFails(): Attempts {
  return {
    ...handshakeTrials(basic, challenged),
    expired: [
      {
        ...acceptedWith("#1", "#1"),
        present: "expired",
        expect: "refused",
      },
    ],
    rotation: [
      accepted("#1", "alice", basic),
      refusedWith("#1", "#2", "expired token"),
      accepted("#3", "alice", basic),
      refusedWith("#3", "#4", "expired token"),
    ],
  };
}

const nothing = (serial: Serial, user: string): Attempt => ({
  ...refused("fresh", serial, "no credential"),
  user,
  expect: "accepted",
  evidence: [challenged],
});

const unproven = (present: Attempt["present"]): Attempt => ({
  ...refused(present, "#1", "no credential"),
  evidence: [challenged],
});

function presentsNothing(): Attempts {
  return {
    valid: [nothing("#1", "alice")],
    missing: [refused("none", null, "no credential")],
    forged: [unproven("forged")],
    expired: [unproven("expired")],
    rotation: rotation(nothing),
    "rotation-single-use": rotation(nothing),
    "rotation-new-user": rotation(nothing, newUsers),
  };
}

function lastOneCrashed(): Attempts {
  return { ...handshakeTrials("cookie", frameRequest), "rotation-new-user": [] };
}
