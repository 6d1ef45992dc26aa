import type { AttemptPlan } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

const about = { aspect: "replay", places: "one", schemes: "secure" } as const;

const good: AttemptPlan = {
  present: "fresh",
  user: "alice",
  singleUse: false,
  expect: "accepted",
};

const replayed: AttemptPlan = {
  ...good,
  present: "replayed",
  from: "program",
  expect: "any",
};

/** What a page put on the wire, repeated by a program: while the page is connected, and when it has left. */
export const replays: readonly Scenario[] = [
  {
    id: "replay-open",
    question:
      "Does what was captured on the wire let somebody else in while the connection is open?",
    ...about,
    attempts: [
      { ...good, afterwards: "hold" },
      { ...replayed, meanwhile: true },
    ],
  },
  {
    id: "replay-closed",
    question:
      "Does what was captured on the wire let somebody else in once the connection is closed?",
    ...about,
    attempts: [good, replayed],
  },
];
