import type {
  Attempt,
  Evidence,
  ObservedTrial,
  PageEvent,
  Presented,
} from "../../model/observation.ts";
import type { Verdict } from "../../model/results.ts";

/**
 * A verdict in words that are the same whenever it is: with its kind, the attempt that decided and its
 * reason, in which tokens of other trials have no serial, for these count on from repeat to repeat.
 */
export function verdictText(verdict: Verdict): string {
  const reason = verdict.reason.replaceAll(/#\d+/gu, "#…");
  if (verdict.outcome !== "fail") return `${verdict.outcome}: ${reason}`;
  return `fail (${verdict.kind}, attempt ${verdict.attempt + 1}): ${reason}`;
}

/**
 * What both ends of each attempt saw, in its order, without times: types and codes of the page's
 * events, statuses, refusals and tokens of the server's evidence, these by the attempt that was given them.
 */
export function courseOf({ attempts }: Pick<ObservedTrial, "attempts">): readonly string[] {
  return attempts.map((attempt) => {
    const page = attempt.events.map(eventText).join(", ");
    const server = attempt.evidence.map((entry) => evidenceText(entry, attempts)).join(", ");
    return `page: ${page || "nothing"} (${attempt.end}); server: ${server || "nothing"}`;
  });
}

/** What a message says may be the server's random numbers: that the right one came is the verdict's to say. */
function eventText(event: PageEvent): string {
  switch (event.type) {
    case "open":
    case "message":
    case "error":
      return event.type;
    case "close":
      return `close ${event.code}`;
    case "refusal":
      return `refusal ${event.code}`;
    case "exception":
      return `exception ${event.name}`;
  }
}

function evidenceText(entry: Evidence, attempts: readonly Attempt[]): string {
  if (entry.type === "close") return `close ${entry.code}`;
  const judged = `${tokenText(entry.presented, attempts)}${entry.refusal === null ? "" : ` refused: ${entry.refusal}`}`;
  if (entry.type === "message") return `message with ${judged}`;
  return `${entry.method}${entry.upgrade ? " upgrade" : ""} ${entry.status} with ${judged}`;
}

function tokenText(presented: Presented | null, attempts: readonly Attempt[]): string {
  if (presented === null) return "nothing";
  if (presented === "unrecognised") return presented;
  const owner = attempts.findIndex(
    ({ given, renewedWith }) => given === presented || renewedWith === presented,
  );
  if (owner === -1) return "another trial's token";
  const kind = attempts[owner]?.given === presented ? "token" : "renewal";
  return `${kind} ${owner + 1}`;
}
