import type {
  JudgedAttempt,
  LivePresent,
  LiveTask,
  PageReport,
  TechniqueInfo,
} from "../model/lab-api.ts";

/** The lab is on this machine; longer than this means that it hangs. */
const patienceMs = 10_000;

/** All techniques, in display order. */
export function listTechniques(): Promise<readonly TechniqueInfo[]> {
  return ask("/api/techniques");
}

/** What a live attempt is to be, besides a connection with a fresh token. */
export interface LiveWish {
  readonly present?: LivePresent;
  readonly singleUse?: boolean;
  /** The attempt whose token is to be presented again. */
  readonly first?: string;
}

/** Asks for a token for `user`, a fresh one by default, and where to present it. */
export function requestTask(
  technique: string,
  user: string,
  wish: LiveWish = {},
): Promise<LiveTask> {
  return ask("/api/attempts", { technique, user, ...wish });
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
