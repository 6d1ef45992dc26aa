import type { Scenario } from "./scenario.ts";

const needs = {
  ability: "renews",
  otherwise: "the credential cannot be renewed on the open connection",
} as const;

/** A good token, and while the connection is open a fresh one of the same user. */
export const renewal: Scenario = {
  id: "renewal",
  question: "Is a fresh token accepted on the open connection?",
  needs,
  attempts: [
    {
      present: "fresh",
      user: "alice",
      singleUse: false,
      afterwards: "renew",
      expect: "accepted",
    },
  ],
};

/** As renewal, with a token of somebody else: a connection belongs to one user. */
export const renewalOtherUser: Scenario = {
  id: "renewal-other-user",
  question: "Is another user's token refused on the open connection?",
  needs,
  attempts: [
    {
      present: "fresh",
      user: "alice",
      singleUse: false,
      afterwards: "renew-as-another",
      expect: "accepted",
    },
  ],
};

/** A good token that is not renewed, and runs out while the connection is open. */
export const renewalLapsed: Scenario = {
  id: "renewal-lapsed",
  question: "Is the open connection closed by the server once its token has run out?",
  needs,
  attempts: [
    {
      present: "fresh",
      user: "alice",
      singleUse: false,
      afterwards: "stay",
      expect: "accepted",
    },
  ],
};
