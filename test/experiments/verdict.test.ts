import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt, Evidence, Judgement, TrialFailure } from "../../model/observation.ts";
import type { Verdict } from "../../model/results.ts";
import { summarise, verdict } from "../../experiments/verdict.ts";
import {
  accepted,
  acceptedByMessage,
  acceptedWith,
  firstMessage,
  refused,
  refusedByMessage,
  refusedWith,
  request,
} from "./report/sample-attempts.ts";
import { sampleTrial } from "./report/sample-results.ts";

type Expected =
  | { readonly outcome: "pass" | TrialFailure["outcome"] }
  | Pick<Extract<Verdict, { outcome: "fail" }>, "outcome" | "kind" | "attempt">;

interface Row {
  readonly name: string;
  readonly attempts: readonly Attempt[];
  readonly failure?: TrialFailure;
  readonly expected: Expected;
  readonly reason: RegExp;
}

const good = accepted("#1");
const forged = refused("forged", "#1", "unknown token");
const missing = refused("none", null, "no credential");

/** An exchange of a token as its server records it. */
const exchange = (entry: Partial<Parameters<typeof request>[0]> = {}): Evidence =>
  request({
    method: "POST",
    upgrade: false,
    status: 200,
    presented: "#1",
    via: "exchange",
    ...entry,
  });

/** An attempt that ended with the exchange, because the page threw then. */
function exchangeOnly(
  { present, expect }: Pick<Attempt, "present" | "expect">,
  entry: Partial<Parameters<typeof request>[0]> = {},
): Attempt {
  return {
    ...refused(present, "#1", ""),
    expect,
    end: "threw",
    events: [{ at: 3, type: "exception", name: "Error", message: "no ticket" }],
    evidence: [exchange(entry)],
  };
}

/** Let in with #1, given #2 to renew with, which the server judged. */
function renewing(
  afterwards: "renew" | "renew-as-another",
  judged: Partial<Judgement> | null,
  heard: readonly string[],
  code: number,
): Attempt {
  return {
    ...ending(code, heard),
    afterwards,
    renewedWith: "#2",
    evidence: [...good.evidence, ...(judged === null ? [] : [firstMessage(judged)])],
  };
}

/** Let in with #1, and closed by the server while it stayed. */
function staying(code: number): Attempt {
  return { ...ending(code, []), afterwards: "stay" };
}

function ending(code: number, heard: readonly string[]): Attempt {
  return {
    ...good,
    events: [
      ...good.events.slice(0, 2),
      ...heard.map((data) => ({ at: 4.5, type: "message", data }) as const),
      { at: 6, type: "close", code, reason: "", wasClean: true },
    ],
  };
}

/** A connection whose session is over: what the page heard of that in the protocol's words, and how it was closed. */
function over(
  afterwards: "be-revoked" | "log-out" | "stay",
  code: number,
  refusals: readonly string[] = [],
): Attempt {
  const said = refusals.map(
    (reason) => ({ at: 5, type: "refusal", code: "ERROR", reason }) as const,
  );
  const { events } = ending(code, []);
  return { ...ending(code, []), afterwards, events: events.toSpliced(2, 0, ...said) };
}

const challenge: Attempt["events"][number] = { at: 2, type: "message", data: '{"nonce":"x"}' };

/** The events with a message that the server sends when the connection has opened. */
function withChallenge([open, ...others]: Attempt["events"]): Attempt["events"] {
  return open === undefined ? [challenge] : [open, challenge, ...others];
}

const rows: readonly Row[] = [
  {
    name: "its own token, accepted, passes",
    attempts: [good],
    expected: { outcome: "pass" },
    reason: /^presented its own token and was let in as alice$/,
  },
  {
    name: "its own token in the first message passes",
    attempts: [acceptedByMessage("#1")],
    expected: { outcome: "pass" },
    reason: /^presented its own token and was let in as alice$/,
  },
  {
    name: "a challenge before the accepted request does no harm",
    attempts: [{ ...good, evidence: [request({ status: 401, refusal: "no" }), ...good.evidence] }],
    expected: { outcome: "pass" },
    reason: /let in as alice/,
  },
  {
    name: "fresh tokens that are each presented pass, attempt by attempt",
    attempts: [accepted("#1"), accepted("#2", "bob")],
    expected: { outcome: "pass" },
    reason:
      /^presented its own token and was let in as alice; presented its own token and was let in as bob$/,
  },
  {
    name: "an earlier token that is presented again and let in fails",
    attempts: [good, acceptedWith("#1", "#2")],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 1 },
    reason:
      /^attempt 2 presented the token of attempt 1 instead of its own, and was let in as alice$/,
  },
  {
    name: "an earlier token that is presented again and refused fails",
    attempts: [good, refusedWith("#1", "#2", "token already used")],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 1 },
    reason:
      /^attempt 2 presented the token of attempt 1 instead of its own, and was refused: token already used$/,
  },
  {
    name: "a garbled token on the first connection counts as not accepted",
    attempts: [
      {
        ...refused("fresh", "#1", "unknown token"),
        expect: "accepted",
        evidence: [request({ status: 401, presented: "unrecognised", refusal: "never issued" })],
      },
    ],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason:
      /^presented something unrecognised instead of its own token, and was refused: never issued$/,
  },
  {
    name: "somebody let in without presenting anything has no credential of their own",
    attempts: [{ ...good, evidence: [request({ status: 101, user: "alice" })] }],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 0 },
    reason: /^presented nothing instead of its own token, and was let in as alice$/,
  },
  {
    name: "being let in as another user fails",
    attempts: [{ ...good, evidence: [request({ status: 101, presented: "#1", user: "mallory" })] }],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 0 },
    reason: /^was let in as mallory although the token is alice's$/,
  },
  {
    name: "being greeted as another user fails",
    attempts: [{ ...good, events: accepted("#1", "mallory").events }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^was let in by the server, but the page saw open, message Hello mallory!, close 1000$/,
  },
  {
    name: "being let in by the server while the page sees nothing fails",
    attempts: [{ ...good, events: [] }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /but the page saw nothing$/,
  },
  {
    name: "its own token, refused, fails",
    attempts: [
      { ...refused("fresh", "#1", "the server is full"), expect: "accepted", given: "#1" },
    ],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^presented its own token and was refused: the server is full$/,
  },
  {
    name: "its own token, refused for the page's origin, fails for that reason",
    attempts: [
      {
        ...refused("fresh", "#1", ""),
        expect: "accepted",
        evidence: [request({ status: 403, refusal: "origin not allowed" })],
      },
    ],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^was refused for the page that it came from: origin not allowed$/,
  },
  {
    name: "nothing, refused for the page's origin, passes",
    attempts: [
      {
        ...refused("none", null, ""),
        evidence: [request({ status: 403, refusal: "origin not allowed" })],
      },
    ],
    expected: { outcome: "pass" },
    reason: /^presented nothing and was refused: origin not allowed$/,
  },
  {
    name: "a forged token that is refused for the page's origin proves nothing",
    attempts: [{ ...forged, evidence: [request({ status: 403, refusal: "origin not allowed" })] }],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^did not present the forged token, so the refusal proves nothing$/,
  },
  ...([401, 403, 302, 200, 101] as const).map((status): Row => {
    return {
      name: `status ${status} from a server that was to fail is no failure of ours`,
      attempts: [
        {
          ...forged,
          present: "fresh",
          fault: "403",
          expect: "any",
          evidence: [request({ status })],
        },
      ],
      expected: { outcome: "pass" },
      reason: /was not let in: close 1006$/,
    };
  }),
  {
    name: "an answer from a server that was to be down is a failure of ours",
    attempts: [
      forged,
      {
        ...forged,
        present: "fresh",
        fault: "down",
        expect: "any",
        evidence: [request({ status: 503 })],
      },
    ],
    expected: { outcome: "harness-error" },
    reason: /^attempt 2 was turned away by the lab itself, with status 503$/,
  },
  {
    name: "a page that waits for ever for a server that was to fail is no failure of ours",
    attempts: [{ ...forged, present: "fresh", fault: "silence", expect: "any", end: "timeout" }],
    expected: { outcome: "pass" },
    reason: /was not let in/,
  },
  {
    name: "no answer from a server that was to be down is as it should be",
    attempts: [forged, { ...forged, present: "fresh", fault: "down", expect: "any", evidence: [] }],
    expected: { outcome: "pass" },
    reason: /was not let in: close 1006$/,
  },
  {
    name: "a token that is given but not presented fails",
    attempts: [
      {
        ...refused("fresh", "#1", "no credential"),
        expect: "accepted",
        evidence: [request({ status: 401, refusal: "no credential" })],
      },
    ],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^presented nothing instead of its own token$/,
  },
  {
    name: "a connection that reaches no server fails",
    attempts: [{ ...forged, present: "fresh", expect: "accepted", evidence: [] }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^never reached the server; the page saw close 1006$/,
  },
  {
    name: "a page that throws before there is a socket fails",
    attempts: [
      {
        ...good,
        end: "threw",
        events: [{ at: 1, type: "exception", name: "SyntaxError", message: "bad URL" }],
        evidence: [],
      },
    ],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^the page could not even try: SyntaxError: bad URL$/,
  },
  {
    name: "a forged token that is presented and refused passes",
    attempts: [forged],
    expected: { outcome: "pass" },
    reason: /^presented the forged token and was refused: unknown token$/,
  },
  {
    name: "a forged token that is refused after the connection opened passes",
    attempts: [refusedByMessage("forged", "#1", "unknown token")],
    expected: { outcome: "pass" },
    reason: /^presented the forged token and was refused: unknown token$/,
  },
  {
    name: "nothing that is presented and refused passes",
    attempts: [missing],
    expected: { outcome: "pass" },
    reason: /^presented nothing and was refused: no credential$/,
  },
  ...(
    [
      ["forged", "unknown token"],
      ["expired", "expired token"],
    ] as const
  ).map(([present, refusal]): Row => ({
    name: `an exchange of the ${present} token that is refused passes, although the page threw`,
    attempts: [exchangeOnly({ present, expect: "refused" }, { status: 401, refusal })],
    expected: { outcome: "pass" },
    reason: new RegExp(`^presented the ${present} token and was refused: ${refusal}$`),
  })),
  {
    name: "an exchange that is refused passes, although the page went on with nothing",
    attempts: [
      {
        ...forged,
        evidence: [
          exchange({ status: 401, refusal: "unknown token" }),
          request({ status: 401, refusal: "no credential" }),
        ],
      },
    ],
    expected: { outcome: "pass" },
    reason: /^presented the forged token and was refused: /,
  },
  {
    name: "an exchange that is refused for another reason proves nothing",
    attempts: [
      exchangeOnly(
        { present: "expired", expect: "refused" },
        { status: 401, refusal: "token already used" },
      ),
    ],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^presented the expired token, but was refused for another reason: token already used$/,
  },
  {
    name: "an exchange of something else that is refused proves nothing",
    attempts: [
      exchangeOnly(
        { present: "forged", expect: "refused" },
        { status: 401, presented: "unrecognised", refusal: "unknown token" },
      ),
    ],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^did not present the forged token, so the refusal proves nothing$/,
  },
  {
    name: "an exchange that is not refused is no refusal",
    attempts: [exchangeOnly({ present: "forged", expect: "refused" })],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^never asked the server to be let in; the page saw Error: no ticket$/,
  },
  {
    name: "an exchange that is not refused is no acceptance",
    attempts: [exchangeOnly({ present: "fresh", expect: "accepted" })],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^the page could not even try: Error: no ticket$/,
  },
  {
    name: "an exchange that is not refused is no acceptance, even if the page saw all it should",
    attempts: [{ ...good, evidence: [exchange()] }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^never reached the server; the page saw close 1000$/,
  },
  {
    name: "an exchange before the handshake does no harm",
    attempts: [{ ...good, evidence: [exchange(), ...good.evidence] }],
    expected: { outcome: "pass" },
    reason: /^presented its own token and was let in as alice$/,
  },
  {
    name: "an exchange of an earlier token that is refused fails",
    attempts: [
      good,
      {
        ...exchangeOnly(
          { present: "fresh", expect: "accepted" },
          { status: 401, refusal: "token already used" },
        ),
        given: "#2",
      },
    ],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 1 },
    reason:
      /^attempt 2 presented the token of attempt 1 instead of its own, and was refused: token already used$/,
  },
  {
    name: "a refusal of something else than the forged token proves nothing",
    attempts: [{ ...forged, evidence: missing.evidence }],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^did not present the forged token, so the refusal proves nothing$/,
  },
  {
    name: "a refusal that no server gave proves nothing",
    attempts: [{ ...forged, evidence: [] }],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^never asked the server to be let in; the page saw close 1006$/,
  },
  {
    name: "a connection that opens and is never judged proves nothing",
    attempts: [{ ...forged, evidence: [request({ status: 101 })] }],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^never asked the server/,
  },
  ...(["forged", "expired", "fresh"] as const).map((present): Row => ({
    name: `a ${present} token that should be refused and is let in fails`,
    attempts: [{ ...good, present, expect: "refused" }],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^was let in as alice with (?:the forged|the expired|its own) token$/,
  })),
  {
    name: "being let in without a token fails",
    attempts: [{ ...good, present: "none", given: null, expect: "refused" }],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^was let in as alice with #1, which it was not given$/,
  },
  {
    name: "being let in while presenting nothing fails",
    attempts: [{ ...missing, evidence: [request({ status: 101, user: "alice" })] }],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^was let in as alice while presenting nothing$/,
  },
  {
    name: "an earlier token that comes up where none was given proves nothing",
    attempts: [good, { ...missing, evidence: refused("none", "#1", "used before").evidence }],
    expected: { outcome: "fail", kind: "not-presented", attempt: 1 },
    reason:
      /^attempt 2 presented a token although it was given none, so the refusal proves nothing$/,
  },
  {
    name: "a stale token before its own fails, although its own is let in",
    attempts: [
      good,
      {
        ...accepted("#2"),
        evidence: [
          request({ status: 401, presented: "#1", refusal: "token already used" }),
          ...accepted("#2").evidence,
        ],
      },
    ],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 1 },
    reason:
      /^attempt 2 presented the token of attempt 1 instead of its own, was refused: token already used, and tried again with its own$/,
  },
  {
    name: "an expired token that is refused for another reason proves nothing",
    attempts: [refused("expired", "#1", "token of another user")],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason:
      /^presented the expired token, but was refused for another reason: token of another user$/,
  },
  {
    name: "a token that comes up after a challenge where none was given proves nothing",
    attempts: [
      {
        ...missing,
        evidence: [...missing.evidence, ...refused("none", "#7", "expired token").evidence],
      },
    ],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^presented a token although it was given none/,
  },
  ...([400, 403, 503] as const).map((status): Row => ({
    name: `a connection that the lab turns away with ${status} says nothing`,
    attempts: [{ ...good, evidence: [request({ status })] }],
    expected: { outcome: "harness-error" },
    reason: new RegExp(`^was turned away by the lab itself, with status ${status}$`),
  })),
  {
    name: "a page that was too slow for the server's deadline says nothing",
    attempts: [refusedByMessage("fresh", "#1", "no credential in time")].map((attempt) => ({
      ...attempt,
      evidence: attempt.evidence.map((entry) =>
        entry.type === "message" ? { ...entry, presented: null } : entry,
      ),
    })),
    expected: { outcome: "timeout" },
    reason: /^presented nothing before the server's deadline$/,
  },
  {
    name: "a page whose exchange was refused has nothing to present, however long the server waits",
    attempts: [refusedByMessage("fresh", "#1", "no credential in time")].map((attempt) => ({
      ...attempt,
      expect: "accepted" as const,
      evidence: [
        {
          at: 1,
          type: "request",
          method: "POST",
          upgrade: false,
          origin: "null",
          status: 403,
          presented: null,
          via: null,
          user: null,
          refusal: "origin not allowed",
        },
        ...attempt.evidence.map((entry) =>
          entry.type === "message" ? { ...entry, presented: null } : entry,
        ),
      ],
    })),
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /origin not allowed/,
  },
  {
    name: "a break-in counts although the page ran out of time",
    attempts: [{ ...good, present: "forged", expect: "refused", end: "timeout", events: [] }],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^was let in as alice with the forged token$/,
  },
  {
    name: "a frame in which the code waits in vain is no place to connect from",
    attempts: [{ ...good, from: "sandboxed-frame", end: "timeout", events: [], evidence: [] }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^never reached the server; the page saw nothing$/,
  },
  {
    name: "a frame whose handshake was sent may just be slow",
    attempts: [{ ...good, from: "frame", end: "timeout", events: [] }],
    expected: { outcome: "timeout" },
    reason: /^did not end in time; the page saw nothing$/,
  },
  {
    name: "an inconclusive attempt among several is numbered",
    attempts: [good, { ...good, end: "timeout", events: [] }],
    expected: { outcome: "timeout" },
    reason: /^attempt 2 did not end in time; the page saw nothing$/,
  },
  {
    name: "a challenge before the greeting is a part of the technique",
    attempts: [{ ...good, events: withChallenge(good.events) }],
    expected: { outcome: "pass" },
    reason: /^presented its own token and was let in as alice$/,
  },
  {
    name: "a challenge before a refusal lets nobody in",
    attempts: [{ ...forged, events: withChallenge(forged.events) }],
    expected: { outcome: "pass" },
    reason: /refused/,
  },
  {
    name: "a message after the greeting that belongs to no conversation fails",
    attempts: [{ ...good, events: [...good.events, challenge] }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /but the page saw .*nonce/,
  },
  {
    name: "a greeting after a refusal fails",
    attempts: [{ ...forged, events: good.events }],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^was answered "Hello alice!" although refused$/,
  },
  {
    name: "the first attempt that falls short decides",
    attempts: [good, forged, acceptedWith("#1", "#3"), acceptedWith("#1", "#4")],
    expected: { outcome: "fail", kind: "wrong-credential", attempt: 2 },
    reason: /^attempt 3 presented the token of attempt 1/,
  },
  {
    name: "a page's deadline that passes says nothing",
    attempts: [{ ...good, end: "timeout", events: good.events.slice(0, 1) }],
    expected: { outcome: "timeout" },
    reason: /in time; the page saw open$/,
  },
  {
    name: "a page's deadline that passes in silence says nothing",
    attempts: [{ ...good, end: "timeout", events: [] }],
    expected: { outcome: "timeout" },
    reason: /the page saw nothing$/,
  },
  {
    name: "a harness that fails in the page says nothing, with its exception",
    attempts: [
      {
        ...good,
        end: "harness-error",
        events: [{ at: 2, type: "exception", name: "TypeError", message: "no such module" }],
      },
    ],
    expected: { outcome: "harness-error" },
    reason: /TypeError: no such module$/,
  },
  {
    name: "a harness that fails without an exception says so",
    attempts: [{ ...good, end: "harness-error", events: [] }],
    expected: { outcome: "harness-error" },
    reason: /no reason given$/,
  },
  {
    name: "no attempt says nothing",
    attempts: [],
    expected: { outcome: "harness-error" },
    reason: /^no attempt was made$/,
  },
  {
    name: "a break-in counts although the trial failed later",
    attempts: [{ ...good, present: "forged", expect: "refused" }],
    failure: { outcome: "crash", reason: "Firefox stopped answering" },
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^was let in as alice/,
  },
  {
    name: "a renewal with its own new token passes",
    attempts: [renewing("renew", { presented: "#2", user: "alice" }, ["Renewed."], 1000)],
    expected: { outcome: "pass" },
    reason: /let in as alice, and renewed it with another of its own$/,
  },
  {
    name: "a renewal that is refused fails",
    attempts: [renewing("renew", { presented: "#2", refusal: "expired token" }, [], 4403)],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^presented a new token on the open connection and was refused: expired token$/,
  },
  {
    name: "a renewal that was never presented fails, even if the page heard of one",
    attempts: [renewing("renew", null, ["Renewed."], 1000)],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /^did not present the token that it was to renew with$/,
  },
  {
    name: "a renewal that the page did not hear of fails",
    attempts: [renewing("renew", { presented: "#2", user: "alice" }, [], 1000)],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /the page saw open, message Hello alice!, close 1000$/,
  },
  {
    name: "a renewal with another user's token that is refused with the connection passes",
    attempts: [
      renewing("renew-as-another", { presented: "#2", refusal: "token of another user" }, [], 4403),
    ],
    expected: { outcome: "pass" },
    reason: /and was refused the token of another user$/,
  },
  {
    name: "a renewal with another user's token that is accepted is a break-in",
    attempts: [
      renewing("renew-as-another", { presented: "#2", user: "mallory" }, ["Renewed."], 1000),
    ],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^became mallory on the open connection$/,
  },
  {
    name: "such a break-in is one, even if the page hears no more",
    attempts: [
      {
        ...renewing("renew-as-another", { presented: "#2", user: "mallory" }, [], 1000),
        end: "timeout",
      },
    ],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^became mallory on the open connection$/,
  },
  {
    name: "a renewal with another user's token that is refused for another reason proves nothing",
    attempts: [
      renewing("renew-as-another", { presented: "#2", refusal: "expired token" }, [], 4403),
    ],
    expected: { outcome: "fail", kind: "not-presented", attempt: 0 },
    reason: /for another reason: expired token$/,
  },
  {
    name: "a connection that ends when its token has run out passes",
    attempts: [staying(4401)],
    expected: { outcome: "pass" },
    reason: /and was disconnected when it ran out$/,
  },
  {
    name: "a connection that ends when its token is revoked passes",
    attempts: [over("be-revoked", 4401)],
    expected: { outcome: "pass" },
    reason: /and was disconnected when that was revoked$/,
  },
  {
    name: "a connection that ends when its user logs out passes",
    attempts: [over("log-out", 4401)],
    expected: { outcome: "pass" },
    reason: /and was disconnected when it logged out$/,
  },
  {
    name: "a session's end may be said in a protocol's own words first",
    attempts: [over("be-revoked", 4401, ["revoked token"])],
    expected: { outcome: "pass" },
    reason: /and was disconnected when that was revoked$/,
  },
  {
    name: "a connection that is held and let go passes",
    attempts: [{ ...ending(1000, []), afterwards: "hold" }],
    expected: { outcome: "pass" },
    reason: /was let in as alice$/,
  },
  {
    name: "a connection that survives its token's revocation is a break-in",
    attempts: [over("be-revoked", 4000)],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^stayed connected although its token was revoked$/,
  },
  {
    name: "a connection that survives its token is a break-in, when the lab has to end it",
    attempts: [over("stay", 4000)],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^stayed connected although its token had run out$/,
  },
  {
    name: "a connection that survives its user's logging out is a break-in",
    attempts: [over("log-out", 4000)],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^stayed connected although its user had logged out$/,
  },
  {
    name: "a connection that is closed for another reason than the session's end fails",
    attempts: [over("be-revoked", 1011)],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /the page saw open, message Hello alice!, close 1011$/,
  },
  {
    name: "a connection that outlives its token is a break-in",
    attempts: [{ ...staying(4401), end: "timeout", events: good.events.slice(0, 2) }],
    expected: { outcome: "fail", kind: "let-in", attempt: 0 },
    reason: /^stayed connected although its token had run out$/,
  },
  {
    name: "a connection that the server ended in time, of which the page did not hear, says nothing",
    attempts: [
      {
        ...staying(4401),
        end: "timeout",
        events: good.events.slice(0, 2),
        evidence: [
          ...good.evidence.filter(({ type }) => type !== "close"),
          { at: 1_900, type: "close", code: 4401, reason: "expired token" },
        ],
      },
    ],
    expected: { outcome: "timeout" },
    reason: /^did not end in time; the page saw message Hello alice!$/,
  },
  {
    name: "a connection that was to stay and was never greeted in time says nothing",
    attempts: [{ ...staying(4401), end: "timeout", events: good.events.slice(0, 1) }],
    expected: { outcome: "timeout" },
    reason: /^did not end in time; the page saw open$/,
  },
  {
    name: "a connection that ends for another reason than its token fails",
    attempts: [staying(1011)],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /close 1011$/,
  },
  {
    name: "a token too large for the server's limit on headers is not accepted",
    attempts: [{ ...good, events: [], evidence: [request({ status: 431 })] }],
    expected: { outcome: "fail", kind: "not-accepted", attempt: 0 },
    reason: /^was refused with status 431, for its header is too large$/,
  },
  {
    name: "a trial that failed as a whole says nothing otherwise, whatever was observed before",
    attempts: [forged, { ...good, events: [] }],
    failure: { outcome: "crash", reason: "Firefox stopped answering" },
    expected: { outcome: "crash" },
    reason: /^Firefox stopped answering$/,
  },
];

describe("verdict", () => {
  for (const { name, attempts, failure, expected, reason } of rows) {
    test(name, () => {
      const actual = verdict({
        ...sampleTrial("query-parameter", "valid", attempts, failure ?? null),
      });
      assert.deepEqual({ ...actual, reason: "" }, { ...expected, reason: "" });
      assert.match(actual.reason, reason);
    });
  }

  test("every word that a reason is made of is a word", () => {
    for (const { name, attempts, failure } of rows) {
      const { reason } = verdict(sampleTrial("t", "s", attempts, failure ?? null));
      assert.doesNotMatch(reason, /undefined|\bnull\b|\[object/, name);
    }
  });
});

describe("summarise", () => {
  const rotation = sampleTrial("t", "rotation", [accepted("#1"), accepted("#2")]);
  const refusal = sampleTrial("t", "forged", [forged]);
  const stale = sampleTrial("t", "rotation", [good, acceptedWith("#1", "#2")]);
  const letIn = sampleTrial("t", "forged", [{ ...good, present: "forged", expect: "refused" }]);
  const notAccepted = sampleTrial("t", "valid", [{ ...good, events: [] }]);
  const crash = sampleTrial("t", "valid", [], { outcome: "crash", reason: "it died" });
  const unsupported = sampleTrial("t", "valid", [], {
    outcome: "unsupported",
    reason: "no such name",
  });

  const words = [
    {
      name: "the good accepted, the bad refused, rotation survived: works",
      trials: [rotation, refusal],
      word: "works",
      counts: [2, 0, 0, 2],
      reason: /^accepts the good/,
    },
    {
      name: "some fail: partly",
      trials: [rotation, refusal, stale],
      word: "partly",
      counts: [2, 1, 0, 3],
      reason: /^rotation: attempt 2 presented the token of attempt 1/,
    },
    {
      name: "a good token is not accepted at first: broken",
      trials: [stale, notAccepted, refusal],
      word: "broken",
      counts: [1, 2, 0, 3],
      reason: /^valid: /,
    },
    {
      name: "somebody got in who should not: unsafe, whatever else failed",
      trials: [notAccepted, letIn],
      word: "unsafe",
      counts: [0, 2, 0, 2],
      reason: /^forged: was let in/,
    },
    {
      name: "a trial of which nothing can be said: unknown",
      trials: [rotation, refusal, crash],
      word: "unknown",
      counts: [2, 0, 1, 3],
      reason: /^valid: crash, it died$/,
    },
    {
      name: "inconclusive trials do not hide a fail",
      trials: [crash, stale],
      word: "partly",
      counts: [0, 1, 1, 2],
      reason: /^rotation: /,
    },
    {
      name: "only refusals: unknown",
      trials: [refusal],
      word: "unknown",
      counts: [1, 0, 0, 1],
      reason: /^not tried: a good token, rotation$/,
    },
    {
      name: "only rotation: unknown",
      trials: [rotation],
      word: "unknown",
      counts: [1, 0, 0, 1],
      reason: /^not tried: a bad token$/,
    },
    {
      name: "nothing: unknown",
      trials: [],
      word: "unknown",
      counts: [0, 0, 0, 0],
      reason: /^nothing was tried$/,
    },
    {
      name: "works at one placement, broken at another: partly, with where",
      trials: [rotation, refusal, { ...notAccepted, placement: "cross-site" }],
      word: "partly",
      counts: [2, 1, 0, 3],
      reason: /^cross-site, ws: valid: /,
    },
    {
      name: "broken at every placement: broken",
      trials: [notAccepted, { ...notAccepted, placement: "cross-site" }],
      word: "broken",
      counts: [0, 2, 0, 2],
      reason: /^same-host, ws: valid: /,
    },
    {
      name: "unsafe at one placement: unsafe, however well it works elsewhere",
      trials: [rotation, refusal, { ...letIn, placement: "same-site" }],
      word: "unsafe",
      counts: [2, 1, 0, 3],
      reason: /^same-site, ws: forged: /,
    },
    {
      name: "proof at one placement is none for another: unknown",
      trials: [rotation, refusal, { ...rotation, placement: "same-site" }],
      word: "unknown",
      counts: [3, 0, 0, 3],
      reason: /^same-site, ws: not tried: a bad token$/,
    },
    {
      name: "a placement that the browser cannot be given says nothing",
      trials: [rotation, refusal, { ...unsupported, placement: "same-site" }],
      word: "works",
      counts: [2, 0, 0, 2],
      reason: /^accepts the good/,
    },
    {
      name: "nothing but placements that the browser cannot be given: unknown",
      trials: [unsupported],
      word: "unknown",
      counts: [0, 0, 1, 1],
      reason: /^valid: unsupported, no such name$/,
    },
  ] as const;
  for (const { name, trials, word, counts, reason } of words) {
    test(name, () => {
      const summary = summarise(trials);
      const { passed, failed, inconclusive, total } = summary;
      assert.equal(summary.word, word);
      assert.deepEqual([passed, failed, inconclusive, total], counts);
      assert.match(summary.reason, reason);
    });
  }

  test("what cannot be rotated works without that proof, and not without the others", () => {
    const valid = sampleTrial("t", "valid", [good]);
    assert.equal(summarise([valid, refusal]).word, "unknown");
    const { word, reason } = summarise([valid, refusal], { rotates: false });
    assert.deepEqual([word, reason], ["works", "accepts the good, refuses the bad"]);
    assert.equal(summarise([valid], { rotates: false }).reason, "not tried: a bad token");
  });
});
