import type { CertificateTrust } from "../../model/results.ts";
import type { AttemptPlan, Placement, Scheme } from "../../model/trial.ts";

/** A question about certificates. Data only. */
export interface TrustCondition {
  /** Row key: "untrusted". */
  readonly id: string;
  readonly question: string;
  /** How page and socket are protected. */
  readonly scheme: Scheme;
  readonly placement: Placement;
  /** What the browser is made to trust, by its own means. */
  readonly certificates: CertificateTrust;
}

/** What is tried under every condition: a good token, then one that has to be refused. */
export const attempts: readonly AttemptPlan[] = [
  { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
  { present: "forged", user: "alice", singleUse: false, expect: "refused" },
];

/** The technique that carries the tokens: the one that depends on nothing but the URL. */
export const carrier = "query-parameter";

/** The condition that the others are compared with: nothing is wrong but the token. */
export const reference = "no-tls";

/** The registry, in display order. */
export const trustConditions: readonly TrustCondition[] = [
  {
    id: reference,
    question: "For comparison, no TLS at all: what does a page see when its token is refused?",
    scheme: "ws",
    placement: "same-host",
    certificates: "default",
  },
  {
    id: "untrusted",
    question: "An http page connects to a server whose certificate nobody vouches for",
    scheme: "http+wss",
    placement: "same-host",
    certificates: "default",
  },
  {
    id: "accepted-same-port",
    question: "The user accepted the page's certificate; the socket is on the same port",
    scheme: "wss",
    placement: "same-origin",
    certificates: "exception",
  },
  {
    id: "accepted-other-port",
    question:
      "The user accepted the page's certificate; the socket is on another port of that host",
    scheme: "wss",
    placement: "same-host",
    certificates: "exception",
  },
  {
    id: "authority",
    question: "The browser trusts the authority that made the certificates",
    scheme: "wss",
    placement: "same-host",
    certificates: "authority",
  },
  {
    id: "accept-any",
    question: "The browser is told to accept any certificate, as in unattended runs",
    scheme: "wss",
    placement: "same-host",
    certificates: "accept-any",
  },
  {
    id: "mixed-content",
    question: "An https page opens a plain ws connection",
    scheme: "https+ws",
    placement: "same-site",
    certificates: "authority",
  },
  {
    id: "mixed-content-localhost",
    question: "An https page under localhost opens a plain ws connection to the same host",
    scheme: "https+ws",
    placement: "same-host",
    certificates: "authority",
  },
];
