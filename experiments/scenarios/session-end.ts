import type { AttemptPlan } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

const about = { aspect: "session-end", places: "one", schemes: "secure" } as const;

const good: AttemptPlan = {
  present: "fresh",
  user: "alice",
  singleUse: false,
  expect: "accepted",
};
const again: AttemptPlan = { ...good, present: "again", expect: "refused" };
/** What the browser presents by itself. */
const ambient: AttemptPlan = { ...good, present: "none", expect: "any" };

/** A session ends while its connection is open: it is revoked, it runs out, its user logs out. */
export const sessionEnds: readonly Scenario[] = [
  {
    id: "revoked-open",
    question:
      "Is the open connection closed when its token is revoked, and does the token open no other?",
    ...about,
    attempts: [{ ...good, afterwards: "be-revoked" }, again, ambient],
  },
  {
    id: "revoked-unwatched",
    question: "Is it closed by a server that checks tokens at the door only?",
    ...about,
    attempts: [{ ...good, afterwards: "be-revoked", without: "session-watch" }],
  },
  {
    id: "revoked-jwt",
    question: "Is it closed when it was opened with a JSON Web Token?",
    ...about,
    attempts: [{ ...good, shape: "jwt", afterwards: "be-revoked" }],
  },
  {
    id: "expired-open",
    question:
      "Is the open connection closed when its token runs out, and does the token open no other?",
    ...about,
    attempts: [{ ...good, afterwards: "stay" }, again],
  },
  {
    id: "expired-unwatched",
    question: "Is it closed by a server that looks at the time at the door only?",
    ...about,
    attempts: [{ ...good, afterwards: "stay", without: "session-watch" }],
  },
  {
    id: "logged-out",
    question: "Is the open connection closed when its user logs out, and is the session over?",
    needs: { ability: "logsOut", otherwise: "there is no session to log out of" },
    ...about,
    attempts: [{ ...good, afterwards: "log-out" }, again, ambient],
  },
];
