import type { Attempt } from "../../model/observation.ts";
import type { JudgedTrial } from "../../model/results.ts";
import type { Caller } from "../../model/trial.ts";
import { foreignOrigin } from "../judgements.ts";
import { type Access, accessOf, attributesSet, viaOf } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskOutcome } from "./risk.ts";

const outcomes = {
  open: {
    word: "open",
    severity: "danger",
    advice:
      "Check the Origin header of every handshake against a list of your own, or use a credential that pages have to present themselves.",
  },
  originCheck: {
    word: "only the Origin check",
    severity: "mind",
    advice:
      "Never leave the Origin check out, in a proxy's or a framework's settings either: nothing else stands in the way.",
  },
  strict: {
    word: "only SameSite=Strict",
    severity: "mind",
    advice:
      "Check the Origin header too: all that protects here is that the browser keeps the cookie back, for this attribute or by a policy of its own.",
  },
  lax: {
    word: "only SameSite=Lax",
    severity: "mind",
    advice:
      "Check the Origin header too, and say SameSite yourself: all that protects here is that the browser keeps the cookie back, for this attribute or by a policy of its own.",
  },
  withheld: {
    word: "only what the browser withholds",
    severity: "mind",
    advice:
      "Check the Origin header too: what a browser withholds is its own policy, which settings and versions change.",
  },
  byDesign: {
    word: "by design",
    severity: "fine",
    advice: "Nothing to do: no other page can make the browser present this credential.",
  },
  notTried: {
    word: "nothing to hijack",
    severity: "unknown",
    advice: "Nothing follows from this: not even the page itself got in here.",
    moot: true,
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** Whether somebody else's page can open a socket as the user who is logged in. */
export const hijacking: Risk = {
  id: "hijacking",
  title: "Hijacking",
  question:
    "A page of somebody else, in the browser of a user who is logged in, opens a socket without knowing a secret: who is greeted?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) => cellsOf(hijacking, context, trials.map(draftOf)),
};

/** Who attacks, for trials that ended before they could. */
const attackers: Readonly<Record<string, Caller>> = {
  "hijack-cross-site": "cross-site-page",
  "hijack-sandboxed": "cross-site-sandbox",
  "hijack-sibling": "sibling-page",
  "hijack-other-port": "other-port-page",
};

function comesFromElsewhere({ present, from = "page" }: Attempt): boolean {
  return present === "none" && from !== "page";
}

function draftOf(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const index = (test: (attempt: Attempt) => boolean): number => attempts.findIndex(test);
  const places = {
    own: index(({ present }) => present === "fresh"),
    ambient: index(({ present, from = "page" }) => present === "none" && from === "page"),
    attack: index((one) => comesFromElsewhere(one) && one.without === undefined),
    unchecked: index((one) => comesFromElsewhere(one) && one.without === "origin-check"),
  };
  const missing = trial.failure?.reason ?? "it was not tried";
  const access = (role: keyof typeof places): Access => accessOf(attempts[places[role]], missing);
  const caller = attempts[places.attack]?.from ?? attackers[trial.scenario];
  const draft = (
    outcome: RiskOutcome,
    say: Draft["say"],
    ...roles: readonly (keyof typeof places)[]
  ): Draft => ({
    outcome,
    say,
    trial,
    ...(caller !== undefined && { caller }),
    attempts: roles.map((role) => places[role]).filter((place) => place !== -1),
  });
  const unknown = (what: string, why: string, ...roles: (keyof typeof places)[]): Draft =>
    draft(outcomes.unknown, (who) => `It is unknown ${what.replace("…", who)}: ${why}.`, ...roles);

  const attack = access("attack");
  if (attack.state === "in") {
    return draft(
      outcomes.open,
      (who) => `Without a token, ${who} was let in as ${attack.user}.`,
      "attack",
    );
  }
  const own = access("own");
  if (own.state === "unknown") return unknown("whether … gets in", own.why, "own");
  if (own.state === "refused") {
    return draft(outcomes.notTried, () => `The page itself was not let in: ${own.why}.`, "own");
  }
  if (attack.state === "unknown") return unknown("whether … gets in", attack.why, "attack");
  const unchecked = access("unchecked");
  if (unchecked.state === "unknown") {
    return unknown("what keeps … out", unchecked.why, "attack", "unchecked");
  }
  if (unchecked.state === "in") {
    return draft(
      outcomes.originCheck,
      (who) =>
        `With the check, ${who} was refused (${attack.why}); without it, it was let in as ${unchecked.user}.`,
      "attack",
      "unchecked",
    );
  }
  if (unchecked.why === foreignOrigin) {
    return unknown("what keeps … out", "the check could not be left out", "attack", "unchecked");
  }
  if (unchecked.presented !== null) {
    return unknown(
      "what keeps … out",
      `the browser presented the credential there too, and it was refused: ${unchecked.why}`,
      "unchecked",
    );
  }
  const ambient = access("ambient");
  const attributes = attributesSet(attempts);
  const via = viaOf(attempts[places.ambient]) ?? viaOf(attempts[places.own]) ?? "a credential";
  const withheld = (before: string): Draft =>
    draft(
      withheldBy(attributes, via, caller),
      (who) =>
        `${before}, but the browser ${
          unchecked.by === "browser" ? "lets no socket be opened by" : "presented nothing for"
        } ${who}${attributesText(attributes)}.`,
      "ambient",
      "unchecked",
    );
  if (ambient.state === "in") {
    return withheld(`Without a token, the page is let in as ${ambient.user} (${via})`);
  }
  // Where a frame opens the sockets, the page is as much of a stranger as anybody: it shows nothing.
  const isStranger = ambient.why === "origin not allowed";
  if (isStranger && attributes.length > 0) {
    return withheld(`The browser presents this credential (${via}) by itself`);
  }
  if (ambient.state === "unknown" || isStranger) {
    return unknown("whether there is anything that … could make use of", ambient.why, "ambient");
  }
  return draft(
    outcomes.byDesign,
    (who) =>
      `Without a token, ${who} was refused (${unchecked.why}), and so was the page itself (${ambient.why}).`,
    "ambient",
    "attack",
    "unchecked",
  );
}

/** Same site or not is all that SameSite goes by: https://www.rfc-editor.org/rfc/rfc6265bis */
const crossSite: readonly Caller[] = ["cross-site-page", "cross-site-sandbox"];

function withheldBy(
  attributes: readonly string[],
  via: string,
  caller: Caller | undefined,
): RiskOutcome {
  const values = attributes.map((one) => /\bSameSite=(?<value>\w+)/iu.exec(one)?.groups?.["value"]);
  const [first] = values;
  const isOne = values.every((value) => value?.toLowerCase() === first?.toLowerCase());
  if (!isOne || !/cookie/iu.test(via) || caller === undefined || !crossSite.includes(caller)) {
    return outcomes.withheld;
  }
  switch (first?.toLowerCase() ?? "") {
    case "strict":
      return outcomes.strict;
    case "lax":
      return outcomes.lax;
    default:
      return outcomes.withheld;
  }
}

/** Without the domain, which is that of one trial. */
function attributesText(attributes: readonly string[]): string {
  const texts = attributes.map((one) => one.replace(/\bDomain=[^;]+/iu, "Domain=…"));
  return texts.length === 0 ? "" : `; the cookie was set with ${texts.join(" and with ")}`;
}
