import type { Attempt } from "../../model/observation.ts";
import type { JudgedTrial } from "../../model/results.ts";
import type { Caller } from "../../model/trial.ts";
import { foreignOrigin } from "../judgements.ts";
import { accessOf } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskOutcome } from "./risk.ts";

/** `__Host-` ties a cookie to its host, and no cookie is tied to a port: https://www.rfc-editor.org/rfc/rfc6265#section-8.5 */
const outcomes = {
  theirs: {
    word: "attacker's session",
    severity: "danger",
    advice:
      "Name the cookie __Host-…, which siblings cannot set, and run nothing else on the host: its other ports share its cookies.",
  },
  lockedOut: {
    word: "locked out",
    severity: "mind",
    advice:
      "Name the cookie __Host-…, which siblings cannot set, and run nothing else on the host: what others plant keeps users out.",
  },
  own: {
    word: "own session",
    severity: "fine",
    advice: "Nothing to do: what others tried to plant did not reach the socket.",
  },
  nothingPlanted: {
    word: "nothing planted",
    severity: "unknown",
    advice: "Nothing follows from this: the other page could not plant anything.",
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** Whose session a socket gets when somebody else's page has stored a credential of its own. */
export const planting: Risk = {
  id: "planting",
  title: "Planting",
  question:
    "A page of somebody else plants its own token in the browser, and then the victim logs in: whose session does the victim's socket get?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) => cellsOf(planting, context, trials.map(worse)),
};

/** Planted before the victim logs in, or afterwards: what is worse. */
function worse(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const before = draftOf(trial);
  const planted = attempts.findLastIndex(({ plants }) => plants === true);
  const victim = attempts.findIndex(
    ({ plants, present }, index) => index > planted && plants !== true && present === "none",
  );
  const missing = trial.failure?.reason ?? "it was not tried";
  const access = accessOf(attempts[victim], missing);
  const draft = (outcome: RiskOutcome, say: Draft["say"]): Draft => ({
    ...before,
    outcome,
    say,
    attempts: [planted, victim].filter((index) => index !== -1),
  });
  if (before.outcome === outcomes.theirs) return before;
  if (access.state === "in" && access.user !== attempts[victim]?.user) {
    return draft(
      outcomes.theirs,
      (who) =>
        `What ${who} planted took the place of the victim's own cookie: the next socket was let in as ${access.user}.`,
    );
  }
  if (before.outcome === outcomes.lockedOut) return before;
  const own = attempts.findLast(({ plants, given }) => plants !== true && given !== null);
  if (
    access.state === "refused" &&
    access.presented !== null &&
    access.presented !== own?.given &&
    access.why !== foreignOrigin
  ) {
    return draft(
      outcomes.lockedOut,
      (who) =>
        `After ${who} had planted once more, the next socket presented another token than the victim's, and was refused: ${access.why}.`,
    );
  }
  if (before.outcome !== outcomes.own) return before;
  const why = whyNothingFollows();
  if (why === undefined) return before;
  return draft(
    outcomes.unknown,
    (who) =>
      `It is unknown whose session the victim's next socket gets, after ${who} planted once more: ${why}.`,
  );

  function whyNothingFollows(): string | undefined {
    if (access.state === "unknown") return access.why;
    const plant = attempts[planted];
    if (!hasPlanted(plant)) return plant === undefined ? missing : lastWord(plant);
    return access.state === "refused" && (access.by === "browser" || access.why === foreignOrigin)
      ? access.why
      : undefined;
  }
}

/** Who plants, for trials that ended before anybody could. */
const planters: Readonly<Record<string, Caller>> = {
  "plant-sibling": "sibling-page",
  "plant-other-port": "other-port-page",
};

function draftOf(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const planted = attempts.findIndex(({ plants }) => plants === true);
  const victim = attempts.findIndex(({ plants }) => plants !== true);
  const plant = attempts[planted];
  const caller = plant?.from ?? planters[trial.scenario];
  const draft = (outcome: RiskOutcome, say: Draft["say"], ...shown: number[]): Draft => ({
    outcome,
    say,
    trial,
    ...(caller !== undefined && { caller }),
    attempts: shown.filter((index) => index !== -1),
  });
  const missing = trial.failure?.reason ?? "it was not tried";
  const attempt = attempts[victim];
  const access = accessOf(attempt, missing);
  if (access.state === "in" && attempt !== undefined) {
    if (access.user !== attempt.user) {
      return draft(
        outcomes.theirs,
        (who) => `The victim's socket was let in as ${access.user}, for whom ${who} had planted.`,
        planted,
        victim,
      );
    }
    if (!hasPlanted(plant)) return nothingPlanted();
    return draft(
      outcomes.own,
      (who) => `The victim's socket was let in as ${access.user}, whatever ${who} tried to plant.`,
      planted,
      victim,
    );
  }
  if (!hasPlanted(plant)) return nothingPlanted();
  if (access.state !== "refused" || attempt === undefined) {
    const why = access.state === "in" ? missing : access.why;
    return draft(
      outcomes.unknown,
      () => `It is unknown whose session the victim gets: ${why}.`,
      victim,
    );
  }
  // Refused with its own token, or with none: that happens without anybody's planting too.
  if (access.presented === null || access.presented === attempt.given) {
    const why = access.presented === null ? "presented nothing" : "presented its own token";
    return draft(
      outcomes.unknown,
      () =>
        `The victim's socket ${why} and was refused (${access.why}), which need not be the planting's doing.`,
      victim,
    );
  }
  return draft(
    outcomes.lockedOut,
    (who) =>
      `The victim's socket presented what ${who} had planted, and was refused: ${access.why}.`,
    planted,
    victim,
  );

  function nothingPlanted(): Draft {
    const why = plant === undefined ? missing : lastWord(plant);
    return draft(
      outcomes.nothingPlanted,
      (who) => `Nothing was planted by ${who}: ${why}.`,
      planted,
    );
  }
}

/** Whether the page did what it could. A cookie that a browser throws away without a word looks like one that it kept. */
function hasPlanted(plant: Attempt | undefined): boolean {
  return plant?.end === "completed" && plant.events.every(({ type }) => type !== "exception");
}

function lastWord({ events, end }: Attempt): string {
  const exception = events.find((event) => event.type === "exception");
  return exception?.type === "exception" ? `${exception.name}: ${exception.message}` : end;
}
