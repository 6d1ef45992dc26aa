import type { ProfileName } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { FactKind, OutcomeCode } from "./data.ts";
import type { ClaimId, QuestionId } from "./text/answers.ts";

/** A trial that a claim rests on, within a run. */
export interface TrialPlace {
  readonly scenario: string;
  readonly placement: Placement;
  readonly scheme: Scheme;
}

/** Something that outcomes do not say. */
export interface FactCheck {
  readonly kind: FactKind;
  readonly technique: string;
  /** As in `AnswerFact`. */
  readonly about: string;
  readonly says: readonly string[];
  /** Absent: any trial. */
  readonly at?: TrialPlace;
}

/** What has to be so in a run for a claim to hold there. */
export type Check =
  | FactCheck
  | {
      readonly kind: "trial";
      readonly technique: string;
      readonly at: TrialPlace;
      readonly outcomes: readonly OutcomeCode[];
    }
  /** Whether the browser's first page found an API to be there. */
  | { readonly kind: "feature"; readonly about: string; readonly isSupported: boolean };

/** A sentence about browsers, and what shows it. */
export interface Claim {
  readonly id: ClaimId;
  /** The browsers in which the answer takes it to hold, by their ids: when one does not show it any more, the page says so. */
  readonly where: "all" | readonly string[];
  /** Absent: browsers as they come. */
  readonly profile?: ProfileName;
  /** All of them have to hold. */
  readonly checks: readonly Check[];
}

/** A question that users ask, with what its answer rests on. */
export interface Question {
  readonly id: QuestionId;
  readonly claims: readonly Claim[];
  /** What to look at next, by id. */
  readonly techniques: readonly string[];
}

type Place = `${Placement}, ${Scheme}`;

function placed(scenario: string, place: Place): TrialPlace {
  // The type of a place is made of these two.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const [placement, scheme] = place.split(", ") as [Placement, Scheme];
  return { scenario, placement, scheme };
}

/** A trial of each technique at each place, all with the same outcome. */
function trials(
  techniques: string | readonly string[],
  scenarios: string | readonly string[],
  places: Place | readonly Place[],
  outcome: OutcomeCode,
): Check[] {
  return [techniques].flat().flatMap((technique) =>
    [scenarios].flat().flatMap((scenario) =>
      [places].flat().map((place): Check => {
        return {
          kind: "trial",
          technique,
          at: placed(scenario, place),
          outcomes: [outcome],
        };
      }),
    ),
  );
}

function facts(
  kind: FactKind,
  techniques: string | readonly string[],
  abouts: string | readonly string[],
  says: string,
): Check[] {
  return [techniques]
    .flat()
    .flatMap((technique) =>
      [abouts].flat().map((about): Check => ({ kind, technique, about, says: [says] })),
    );
}

/** The technique that carries the tokens of the experiments with certificates. */
const carrier = "query-parameter";
const logs = ["access log", "proxy's access log"] as const;
const both = ["same-host, ws", "same-host, wss"] as const;

/** The twelve questions, in their order. */
export const questions: readonly Question[] = [
  {
    id: "q1",
    techniques: ["subprotocol", "ticket", "first-message", "custom-header"],
    claims: [
      {
        id: "header-argument",
        where: "all",
        checks: trials(["custom-header", "custom-header-options"], "valid", both, "not-accepted"),
      },
      {
        id: "header-stream",
        where: "all",
        checks: [
          { kind: "feature", about: "websocket-stream-headers", isSupported: false },
          ...trials("websocket-stream", "valid", both, "not-accepted"),
        ],
      },
      {
        id: "header-transport",
        where: "all",
        checks: [{ kind: "feature", about: "webtransport-headers", isSupported: false }],
      },
      {
        id: "header-user-information",
        where: "all",
        checks: trials("user-information", "valid", both, "pass"),
      },
    ],
  },
  {
    id: "q2",
    techniques: ["cached-basic", "user-information", "ticket", "forward-auth"],
    claims: [
      {
        id: "basic-withheld",
        where: ["webkit"],
        checks: trials(
          "cached-basic",
          "valid",
          ["same-origin, ws", "same-origin, wss"],
          "not-accepted",
        ),
      },
      {
        id: "basic-sent",
        where: ["chrome", "firefox"],
        checks: trials("cached-basic", "valid", ["same-origin, ws", "same-origin, wss"], "pass"),
      },
      {
        id: "basic-other-port",
        where: ["firefox"],
        checks: trials("cached-basic", "valid", both, "pass"),
      },
      {
        id: "basic-fetch",
        where: "all",
        checks: trials("cached-basic-fetch", "valid", "same-origin, wss", "not-accepted"),
      },
      {
        id: "basic-in-address",
        where: "all",
        checks: trials("user-information", "valid", ["same-origin, wss", ...both], "pass"),
      },
    ],
  },
  {
    id: "q3",
    techniques: ["subprotocol", "subprotocol-unselected", "subprotocol-raw"],
    claims: [
      {
        id: "subprotocol-unselected-fails",
        where: ["chrome"],
        checks: trials("subprotocol-unselected", "valid", both, "not-accepted"),
      },
      {
        id: "subprotocol-unselected-opens",
        where: ["firefox", "webkit"],
        checks: trials("subprotocol-unselected", "valid", both, "pass"),
      },
      {
        id: "subprotocol-looks-down",
        where: ["chrome"],
        checks: facts("fault", "subprotocol", "fault-no-subprotocol", "alike"),
      },
      {
        id: "subprotocol-selected",
        where: "all",
        checks: trials("subprotocol", ["valid", "rotation"], both, "pass"),
      },
      {
        id: "subprotocol-characters",
        where: "all",
        checks: facts("shape", "subprotocol-raw", "awkward", "refused by page"),
      },
    ],
  },
  {
    id: "q4",
    techniques: ["first-message", "query-parameter"],
    claims: [
      {
        id: "refusal-like-outage",
        where: "all",
        checks: facts(
          "fault",
          "query-parameter",
          ["fault-401", "fault-401-with-challenge", "fault-403", "fault-redirect"],
          "alike",
        ),
      },
      {
        id: "expired-like-outage",
        where: "all",
        checks: facts(
          "risk",
          ["query-parameter", "subprotocol"],
          "visibility",
          "looks like an outage",
        ),
      },
      {
        id: "certificate-like-outage",
        where: ["chrome", "webkit"],
        checks: facts("fault", carrier, "untrusted", "alike"),
      },
      {
        id: "code-tells",
        where: "all",
        checks: facts("fault", ["query-parameter", "first-message"], "fault-close-4401", "apart"),
      },
      {
        id: "message-says-why",
        where: "all",
        checks: facts("risk", "first-message", "visibility", "says why"),
      },
    ],
  },
  {
    id: "q5",
    techniques: ["query-parameter", "capability-path", "ticket", "first-message"],
    claims: [
      {
        id: "address-logged",
        where: "all",
        checks: facts("leak", ["query-parameter", "capability-path"], logs, "found"),
      },
      {
        id: "address-console",
        where: ["chrome", "firefox"],
        checks: facts("leak", "query-parameter", "console", "found"),
      },
      {
        id: "header-unlogged",
        where: "all",
        checks: facts("leak", ["subprotocol", "session-cookie", "user-information"], logs, "clean"),
      },
      {
        id: "message-unlogged",
        where: "all",
        checks: facts("leak", "first-message", logs, "clean"),
      },
      {
        id: "ticket-spent",
        where: "all",
        checks: [
          ...facts("leak", "ticket", logs, "found"),
          ...trials("ticket", ["replay-open", "replay-closed"], "same-host, wss", "pass"),
        ],
      },
    ],
  },
  {
    id: "q6",
    techniques: [],
    claims: [
      {
        id: "untrusted-silent",
        where: "all",
        checks: [
          ...facts("trust", carrier, "untrusted", "refused"),
          ...facts("trust", carrier, "untrusted/prompt", "none"),
        ],
      },
      {
        id: "untrusted-like-refusal",
        where: ["chrome", "webkit"],
        checks: facts("trust", carrier, "untrusted/visibility", "alike"),
      },
      {
        id: "accepted-same-port",
        where: "all",
        checks: facts("trust", carrier, "accepted-same-port", "connects"),
      },
      {
        id: "accepted-one-port",
        where: ["firefox"],
        checks: facts("trust", carrier, "accepted-other-port", "refused"),
      },
      {
        id: "authority-trusted",
        where: "all",
        checks: facts("trust", carrier, "authority", "connects"),
      },
    ],
  },
  {
    id: "q7",
    techniques: [
      "cookie-cors-none",
      "cookie-cors-partitioned",
      "storage-access",
      "parent-domain-cookie",
    ],
    claims: [
      {
        id: "cookie-lax",
        where: "all",
        checks: trials(
          ["cookie-cors-lax", "cookie-cors-strict"],
          "valid",
          "cross-site, wss",
          "not-accepted",
        ),
      },
      {
        id: "cookie-secure",
        where: "all",
        checks: trials("cookie-cors-none", "valid", "same-site, ws", "not-accepted"),
      },
      {
        id: "cookie-none-blocked",
        where: ["chrome", "webkit"],
        checks: trials("cookie-cors-none", "valid", "cross-site, wss", "not-accepted"),
      },
      {
        id: "cookie-none-allowed",
        where: "all",
        profile: "third-party-allowed",
        checks: trials("cookie-cors-none", "rotation", "cross-site, wss", "pass"),
      },
      {
        id: "cookie-partitioned",
        where: ["chrome", "firefox"],
        checks: trials("cookie-cors-partitioned", "valid", "cross-site, wss", "pass"),
      },
      {
        id: "cookie-storage-access",
        where: ["chrome", "firefox"],
        checks: trials("storage-access", "valid", "cross-site, wss", "pass"),
      },
      {
        id: "cookie-same-site",
        where: "all",
        checks: trials(
          ["cookie-cors-lax", "parent-domain-cookie"],
          "valid",
          ["same-site, ws", "same-site, wss"],
          "pass",
        ),
      },
    ],
  },
  {
    id: "q8",
    techniques: ["user-information", "cached-basic-frame", "ticket", "in-band-renewal"],
    claims: [
      {
        id: "rotation-stale",
        where: ["firefox"],
        checks: trials("user-information", "rotation", both, "wrong-credential"),
      },
      {
        id: "rotation-stale-opens",
        where: ["firefox"],
        checks: trials("user-information", "recovery", "same-host, wss", "let-in"),
      },
      {
        id: "rotation-frame",
        where: ["firefox"],
        checks: trials("cached-basic-frame", "rotation", both, "wrong-credential"),
      },
      {
        id: "rotation-fresh",
        where: "all",
        checks: trials(
          ["query-parameter", "subprotocol", "first-message", "ticket"],
          "rotation",
          both,
          "pass",
        ),
      },
    ],
  },
  {
    id: "q9",
    techniques: ["session-cookie", "in-band-renewal"],
    claims: [
      {
        id: "revoked-unwatched",
        where: "all",
        checks: trials(
          ["session-cookie", "query-parameter", "first-message"],
          "revoked-unwatched",
          "same-host, wss",
          "let-in",
        ),
      },
      {
        id: "expired-unwatched",
        where: "all",
        checks: trials(
          ["session-cookie", "query-parameter", "first-message"],
          "expired-unwatched",
          "same-host, wss",
          "let-in",
        ),
      },
      {
        id: "logged-out-watched",
        where: "all",
        checks: trials("session-cookie", "logged-out", "same-host, wss", "pass"),
      },
      {
        id: "revoked-jwt",
        where: "all",
        checks: trials("first-message", "revoked-jwt", "same-host, wss", "let-in"),
      },
    ],
  },
  {
    id: "q10",
    techniques: ["ticket", "first-message", "query-parameter"],
    claims: [
      {
        id: "large-in-handshake",
        where: "all",
        checks: facts(
          "shape",
          ["query-parameter", "subprotocol", "user-information"],
          "16k",
          "refused by server",
        ),
      },
      {
        id: "large-fits",
        where: "all",
        checks: facts(
          "shape",
          ["query-parameter", "subprotocol", "user-information"],
          "8k",
          "fits",
        ),
      },
      {
        id: "large-cookie",
        where: ["chrome", "firefox"],
        checks: facts("shape", "cookie-iframe", "4k", "refused by browser"),
      },
      {
        id: "large-in-message",
        where: "all",
        checks: facts("shape", ["first-message", "ticket", "stomp-connect"], "16k", "fits"),
      },
    ],
  },
  {
    id: "q11",
    techniques: ["first-message"],
    claims: [
      {
        id: "loopback-opens",
        where: "all",
        checks: trials("first-message", "valid", ["same-host, ws", "cross-site, ws"], "pass"),
      },
      {
        id: "loopback-mixed",
        where: ["chrome", "firefox"],
        checks: facts("trust", carrier, "mixed-content-localhost", "connects"),
      },
      {
        id: "mixed-refused",
        where: "all",
        checks: facts("trust", carrier, "mixed-content", "refused"),
      },
    ],
  },
  {
    id: "q12",
    techniques: ["session-cookie-unchecked", "session-cookie", "first-message"],
    claims: [
      {
        id: "hijack-unchecked",
        where: "all",
        checks: trials(
          "session-cookie-unchecked",
          "hijack-other-port",
          ["same-origin, wss", "same-host, wss"],
          "let-in",
        ),
      },
      {
        id: "hijack-same-site",
        where: "all",
        checks: trials(
          "session-cookie-unchecked",
          ["hijack-cross-site", "hijack-sandboxed"],
          "same-host, wss",
          "pass",
        ),
      },
      {
        id: "hijack-none",
        where: "all",
        profile: "third-party-allowed",
        checks: [
          {
            kind: "risk",
            technique: "cookie-cors-none",
            about: "hijacking",
            says: ["only the Origin check"],
            at: placed("hijack-cross-site", "cross-site, wss"),
          },
        ],
      },
      {
        id: "hijack-checked",
        where: "all",
        checks: trials(
          "session-cookie",
          ["hijack-cross-site", "hijack-sandboxed", "hijack-other-port"],
          "same-host, wss",
          "pass",
        ),
      },
      {
        id: "hijack-by-design",
        where: "all",
        checks: ["first-message", "query-parameter"].flatMap((technique) =>
          ["hijack-cross-site", "hijack-other-port"].map((scenario): Check => {
            return {
              kind: "risk",
              technique,
              about: "hijacking",
              says: ["by design"],
              at: placed(scenario, "same-host, wss"),
            };
          }),
        ),
      },
    ],
  },
];
