import type { Attempt } from "../../../model/observation.ts";
import type { Results, Run, TrustObservation } from "../../../model/results.ts";
import { accepted, refused, request } from "./sample-attempts.ts";
import { sampleFirefoxRun, sampleTrial } from "./sample-results.ts";
import { at, trustObservation, unsupported } from "./varied-results.ts";

/** Strings that mean something to a page, a table, a terminal or a reader. */
export const hostileTexts: readonly string[] = [
  "<img src=x onerror=alert(1)>",
  `"'><script>alert(1)</script>`,
  "</style></title></details>]]>-->",
  "a | b `c` **d** [e](http://evil.example) @everyone $x$ www.evil.example :tada: ~~f~~",
  "line one\r\nline two\tthree",
  "\u{202e}gnp.exe\u{2066}\u{200f}",
  "\u{1b}[31mred\u{1b}]0;title\u{7}",
  "&lt;b&gt; &amp; \\| \\",
];

/** Results in which every text that comes from outside is hostile. */
export function hostileResults(): Results {
  return {
    schema: "websocket-auth-results/1",
    runs: hostileTexts.flatMap((text) => [hostileRun(text), hostileProfile(text)]),
    trust: hostileTexts.flatMap(hostileTrust),
  };
}

function hostileRun(text: string): Run {
  const crash = sampleTrial("query-parameter", "valid", [], { outcome: "crash", reason: text });
  const run = sampleFirefoxRun([
    sampleTrial(text, text, [hostileAttempt(text)]),
    sampleTrial(text, `${text} again`, [{ ...accepted("#1", text), end: "threw" }]),
    at("same-host", "wss", sampleTrial(text, `${text} again`, [accepted("#1", text)])),
    crash,
    sampleTrial(text, "token-16k", [{ ...hostileAttempt(text), evidence: [], shape: "16k" }]),
    sampleTrial(text, "token-8k", [], { outcome: "crash", reason: text }),
    at("cross-site", "ws", unsupported(crash, text)),
  ]);
  const { browser, profile } = run;
  return {
    ...run,
    id: text,
    harness: { version: text, revision: text, dirty: true },
    browser: {
      ...browser,
      id: text,
      name: `Name ${text}`,
      version: text,
      engine: text,
      os: text,
      userAgent: text,
      driver: text,
    },
    profile: { ...profile, means: [text] },
    through: text,
    dialogs: [text, text],
    features: [{ id: text, supported: true, detail: text }],
    leftOut: [
      { technique: text, placement: "same-site", reason: text },
      { technique: text, scheme: "wss", reason: text },
      { technique: text, scenario: text, reason: text },
    ],
  };
}

/** The same browser with another profile, in which everything comes out in another way. */
function hostileProfile(text: string): Run {
  const run = hostileRun(text);
  const trials = run.trials.map(({ technique, scenario, placement, scheme, verdict }) => {
    const attempt = verdict.outcome === "pass" ? hostileAttempt(text) : accepted("#1", text);
    return at(placement, scheme, sampleTrial(technique, scenario, [attempt]));
  });
  return { ...run, profile: { ...run.profile, name: "private" }, trials };
}

function hostileTrust(text: string): TrustObservation[] {
  const run = hostileRun(text);
  const attempt = { ...hostileAttempt(text), evidence: [] };
  const failed = trustObservation(`${text} again`, run);
  return [
    trustObservation(text, run, attempt, [text, text]),
    { ...failed, trial: { ...failed.trial, failure: { outcome: "crash", reason: text } } },
  ];
}

function hostileAttempt(text: string): Attempt {
  return {
    ...refused("fresh", "#2", text),
    expect: "accepted",
    user: text,
    events: [
      { at: 1, type: "open", protocol: text },
      { at: 2, type: "message", data: text },
      { at: 3, type: "refusal", code: text, reason: text },
      { at: 3, type: "exception", name: text, message: text },
      { at: 4, type: "close", code: 1008, reason: text, wasClean: true },
    ],
    evidence: [
      request({
        status: 401,
        method: text,
        origin: text,
        presented: "#1",
        via: text,
        refusal: text,
      }),
      { at: 3, type: "message", presented: "#1", via: text, user: text, refusal: null },
      { at: 5, type: "close", code: 1008, reason: text },
    ],
  };
}
