import type { Attempt, Serial } from "../model/observation.ts";
import type { Verdict } from "../model/results.ts";
import type { AttemptTask, PageReport } from "./attempt.ts";

/** A technique, as far as a page needs to know it. */
export interface TechniqueInfo {
  readonly id: string;
  readonly title: string;
  readonly stage: "handshake" | "first-message";
  /** Where the server finds the credential, in words. */
  readonly via: string;
}

/** One connection to be made, with a token that nobody has used yet. */
export interface FreshTask extends AttemptTask {
  readonly id: string;
  /** The token's serial. */
  readonly given: Serial;
}

/** Both ends of an attempt, joined by the lab, and what they amount to. */
export interface JudgedAttempt {
  readonly attempt: Attempt;
  readonly verdict: Verdict;
}

/** The lab is on this machine; longer than this means that it hangs. */
const patienceMs = 10_000;

/** All techniques, in display order. */
export function listTechniques(): Promise<readonly TechniqueInfo[]> {
  return ask("/api/techniques");
}

/** Asks for a fresh token for `user`, and where to present it. */
export function requestTask(technique: string, user: string): Promise<FreshTask> {
  return ask("/api/attempts", { technique, user });
}

/** Hands in what the page saw, and gets back what the servers saw. */
export function sendReport(id: string, report: PageReport): Promise<JudgedAttempt> {
  return ask(`/api/attempts/${encodeURIComponent(id)}`, report);
}

/** Rejects with a sentence for people, whether the lab is gone, hangs or says no. */
async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const post = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  let response: Response;
  let answer: unknown;
  try {
    const signal = AbortSignal.timeout(patienceMs);
    response = await fetch(path, { ...(body === undefined ? {} : post), signal });
    answer = await response.json();
  } catch (cause) {
    throw new Error("it did not answer. Is it still running?", { cause });
  }
  if (!response.ok) throw new Error(errorSentence(answer) ?? `it answered ${response.status}`);
  // The page came from the same server: what it says fits its own types.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return answer as Answer;
}

function errorSentence(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return undefined;
  return typeof answer.error === "string" ? answer.error : undefined;
}
