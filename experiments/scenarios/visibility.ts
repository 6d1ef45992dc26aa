import type { Fault } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

/** An expired token, and then a good one for a server that is down: does the page see the same? */
export const expiredOrDown: Scenario = {
  id: "expired-or-down",
  question: "Can the page tell an expired token from a broken network?",
  aspect: "visibility",
  places: "one",
  schemes: "secure",
  attempts: [
    { present: "expired", user: "alice", singleUse: false, expect: "refused" },
    { present: "fresh", user: "alice", singleUse: false, fault: "down", expect: "any" },
  ],
};

const faults: readonly {
  readonly fault: Fault;
  readonly question: string;
  readonly techniques: readonly string[];
}[] = [
  {
    fault: "401-with-challenge",
    question: "What does the page see of a 401 that challenges the browser to authenticate?",
    techniques: ["query-parameter"],
  },
  {
    fault: "401",
    question: "What does the page see of a 401 without a challenge?",
    techniques: ["query-parameter"],
  },
  {
    fault: "403",
    question: "What does the page see of a 403?",
    techniques: ["query-parameter"],
  },
  {
    fault: "redirect",
    question: "What does the page see of a redirect to a login page, and does anybody follow it?",
    techniques: ["query-parameter"],
  },
  {
    fault: "no-subprotocol",
    question: "What does the page see of a server that selects none of the offered subprotocols?",
    techniques: ["subprotocol"],
  },
  {
    fault: "close-4401",
    question: "What does the page see of a connection that is accepted, then closed with 4401?",
    techniques: ["first-message", "query-parameter"],
  },
  {
    fault: "silence",
    question: "What does the page see of a server that accepts and says nothing?",
    techniques: ["first-message", "query-parameter"],
  },
  {
    fault: "down",
    question: "What does the page see of a server that is down?",
    techniques: ["query-parameter"],
  },
];

/**
 * One connection each to a server that fails in its own way, whatever is presented. What a browser
 * makes of that does not depend on the technique, as long as that can be answered so.
 */
export const visibleFaults: readonly Scenario[] = faults.map(({ fault, question, techniques }) => ({
  id: `fault-${fault}`,
  question,
  aspect: "visibility",
  techniques: {
    ids: techniques,
    otherwise: "what the browser makes of it does not depend on the technique",
  },
  places: "one",
  schemes: "secure",
  attempts: [{ present: "fresh", user: "alice", singleUse: false, fault, expect: "any" }],
}));
