import type { Attempt, Evidence, Judgement } from "../model/observation.ts";

/** What servers say to a page of another origin than they allow. */
export const foreignOrigin = "origin not allowed";

/** What servers say when the deadline for a credential has passed. */
export const noneInTime = "no credential in time";

/** What servers judged: handshakes, messages, and exchanges that were refused. One that is not refused lets nobody in by itself. */
export function judgements({ evidence }: Pick<Attempt, "evidence">): Judgement[] {
  return evidence.filter(
    (entry): entry is Exclude<Evidence, { type: "close" }> =>
      entry.type === "message" ||
      (entry.type === "request" && (entry.upgrade || entry.refusal !== null)),
  );
}
