import type { Attempt, Evidence, Judgement, Serial } from "../../../model/observation.ts";

const origin = "http://t1.localhost:8000";

/** An HTTP request as a server records it; an upgrade that presented nothing unless told otherwise. */
export function request(
  entry: Partial<Extract<Evidence, { type: "request" }>> & { readonly status: number },
): Evidence {
  return {
    at: 1.4,
    type: "request",
    method: "GET",
    upgrade: true,
    origin,
    presented: null,
    via: null,
    user: null,
    refusal: null,
    ...entry,
  };
}

/** A first message as a server records it. */
export function firstMessage(judgement: Partial<Judgement>): Evidence {
  return {
    at: 3.2,
    type: "message",
    presented: null,
    via: null,
    user: null,
    refusal: null,
    ...judgement,
  };
}

/** An attempt that went exactly as wanted: its own token, its own user, hello, goodbye. */
export function accepted(given: Serial, user = "alice", via = "query parameter"): Attempt {
  return {
    present: "fresh",
    user,
    singleUse: false,
    expect: "accepted",
    given,
    end: "completed",
    events: [
      { at: 3.1, type: "open", protocol: "" },
      { at: 4, type: "message", data: `Hello ${user}!` },
      { at: 5.2, type: "close", code: 1000, reason: "", wasClean: true },
    ],
    evidence: [
      request({ status: 101, presented: given, via, user }),
      { at: 4.6, type: "close", code: 1000, reason: "" },
    ],
  };
}

/** An attempt that was refused in the handshake, as wanted. */
export function refused(
  present: Attempt["present"],
  given: Serial | null,
  refusal: string,
  via = "query parameter",
): Attempt {
  return {
    present,
    user: "alice",
    singleUse: false,
    expect: "refused",
    given,
    end: "completed",
    events: [
      { at: 4.4, type: "error" },
      { at: 4.5, type: "close", code: 1006, reason: "", wasClean: false },
    ],
    evidence: [
      request({ status: 401, presented: given, via: given === null ? null : via, refusal }),
    ],
  };
}

/** An accepted attempt of a technique whose credential is the first message. */
export function acceptedByMessage(given: Serial, user = "alice"): Attempt {
  return {
    ...accepted(given, user),
    evidence: [
      request({ status: 101 }),
      firstMessage({ presented: given, via: "first message", user }),
      { at: 4.6, type: "close", code: 1000, reason: "" },
    ],
  };
}

/** A refused attempt of a technique whose credential is the first message. */
export function refusedByMessage(
  present: Attempt["present"],
  given: Serial | null,
  refusal: string,
): Attempt {
  const via = given === null ? null : "first message";
  return {
    ...refused(present, given, refusal),
    events: [
      { at: 3.1, type: "open", protocol: "" },
      { at: 4.5, type: "close", code: 1008, reason: refusal, wasClean: true },
    ],
    evidence: [
      request({ status: 101 }),
      firstMessage({ presented: given, via, refusal }),
      { at: 4.1, type: "close", code: 1008, reason: refusal },
    ],
  };
}

/** An attempt that presented `stale` instead of its own token, and was let in with it. */
export function acceptedWith(stale: Serial, given: Serial, staleUser = "alice"): Attempt {
  const via = "authorization: basic";
  return {
    ...accepted(given, "alice", via),
    events: accepted(given, staleUser).events,
    evidence: [
      request({ status: 101, presented: stale, via, user: staleUser }),
      { at: 4.6, type: "close", code: 1000, reason: "" },
    ],
  };
}

/** An attempt that presented `stale` instead of its own token, and was refused for it. */
export function refusedWith(stale: Serial, given: Serial, refusal: string): Attempt {
  return {
    ...refused("fresh", given, refusal),
    expect: "accepted",
    evidence: [
      request({ at: 0.9, status: 401, refusal: "no credential" }),
      request({
        at: 2.3,
        status: 401,
        presented: stale,
        via: "authorization: basic",
        refusal,
      }),
    ],
  };
}
