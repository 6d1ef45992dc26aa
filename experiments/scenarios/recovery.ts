import type { AttemptPlan } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

/** A good token, a forged one, and another good one. */
export const recovery: Scenario = {
  id: "recovery",
  question: "Is a good token accepted after a bad one, as it was before?",
  aspect: "recovery",
  schemes: "secure",
  attempts: [
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
    { present: "forged", user: "alice", singleUse: false, expect: "refused" },
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
  ],
};

/**
 * Four failures in a row between good connections: each makes a browser that holds back wait longer.
 * How long is the time from handing out an attempt until its handshake arrives. The failures are the
 * technique's own: Firefox counts handshakes that fail, by host, path and port, and begins with 200 to
 * 400 ms, half as long again each time (FailDelay in
 * https://searchfox.org/mozilla-central/source/netwerk/protocol/websocket/WebSocketChannel.cpp). A
 * closed port would be another one, and failures there would not count here.
 */
export const backoff: Scenario = {
  id: "backoff",
  question: "How long does the browser hold back the next try after failures?",
  aspect: "recovery",
  places: "one",
  schemes: "secure",
  attempts: [
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
    ...Array.from({ length: 4 }, (): AttemptPlan => {
      return { present: "forged", user: "alice", singleUse: false, expect: "refused" };
    }),
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
  ],
};
