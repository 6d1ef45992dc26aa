import type { Attempt, PageEvent, Presented } from "../../model/observation.ts";
import { judgements, noneInTime } from "../judgements.ts";

/** What became of an attempt, as far as the observation proves it. */
export type Access =
  | { readonly state: "in"; readonly user: string; readonly presented: Presented | null }
  | {
      readonly state: "refused";
      /** A server that judged it, or the browser, which opened no socket at all. */
      readonly by: "server" | "browser";
      readonly why: string;
      /** What the server that refused it was shown last, and where. */
      readonly presented: Presented | null;
      readonly via: string | null;
    }
  | {
      readonly state: "unknown";
      readonly why: string;
      /** Whether that is because a request failed that the page makes before its socket. */
      readonly hasRequestFailed?: true;
    };

/**
 * What became of an attempt. Whoever was let in was, whatever else happened; a refusal has to be seen
 * by a server, or thrown by the browser for what it does not have or allow. Everything else is unknown.
 */
export function accessOf(attempt: Attempt | undefined, otherwise = "it was not tried"): Access {
  if (attempt === undefined) return { state: "unknown", why: otherwise };
  const judged = judgements(attempt);
  const entry = judged.find(({ user }) => user !== null);
  if (entry !== undefined && entry.user !== null) {
    return { state: "in", user: entry.user, presented: entry.presented };
  }
  const user = greeted(attempt);
  if (user !== undefined) return { state: "in", user, presented: null };
  const exception = attempt.events.find((event) => event.type === "exception");
  if (attempt.end === "harness-error") {
    return { state: "unknown", why: `our own code broke: ${exceptionText(exception)}` };
  }
  const refusals = judged.filter(({ refusal }) => refusal !== null);
  const refusal = refusals.findLast(({ presented }) => presented !== null) ?? refusals.at(-1);
  if (refusal !== undefined) {
    if (refusal.refusal === noneInTime && attempt.given !== null) {
      return { state: "unknown", why: "it presented nothing before the server's deadline" };
    }
    const { presented, via } = refusal;
    return { state: "refused", by: "server", why: refusal.refusal ?? "", presented, via };
  }
  if (attempt.end === "threw") {
    const why = exceptionText(exception);
    if (isMissing(exception)) {
      return { state: "refused", by: "browser", why, presented: null, via: null };
    }
    return { state: "unknown", why, ...(isFailedRequest(exception) && { hasRequestFailed: true }) };
  }
  return { state: "unknown", why: whyUnknown(attempt) };
}

/** A credential by the attempt that it was handed out for, because serials differ from run to run. */
export function tokenText(
  { attempts }: { readonly attempts: readonly Attempt[] },
  presented: Presented | null,
): string {
  if (presented === null) return "nothing";
  if (presented === "unrecognised") return "something unrecognised";
  const owner = attempts.findIndex(({ given }) => given === presented);
  return owner === -1 ? "a token of another trial" : `the token of attempt ${owner + 1}`;
}

/** Close codes that stand for any end, or that browsers make themselves: RFC 6455, 7.4.1. */
export const unsaidCodes: readonly number[] = [1000, 1001, 1005, 1006, 1015];

/** The last close that the page saw. */
export function closeSeen({
  events,
}: Pick<Attempt, "events">): Extract<PageEvent, { type: "close" }> | undefined {
  return events.findLast((event) => event.type === "close");
}

/** Where a credential was found that was let in; null when nobody was. */
export function viaOf(attempt: Attempt | undefined): string | null {
  return attempt === undefined
    ? null
    : (judgements(attempt).find(({ user }) => user !== null)?.via ?? null);
}

/** The attributes of all cookies that servers set during these attempts, each once. */
export function attributesSet(attempts: readonly Attempt[]): string[] {
  const sets = attempts.flatMap(({ evidence }) =>
    evidence.flatMap((entry) => (entry.type === "request" ? (entry.sets ?? []) : [])),
  );
  return [...new Set(sets)];
}

function greeted({ events }: Attempt): string | undefined {
  return events.flatMap((event) => {
    if (event.type !== "message") return [];
    return /^Hello (?<user>.*)!$/su.exec(event.data)?.groups?.["user"] ?? [];
  })[0];
}

/** What browsers throw for what is not there, is not allowed there, or is not taken there. */
const missingNames: readonly string[] = [
  "ReferenceError",
  "SecurityError",
  "NotSupportedError",
  "NotAllowedError",
  "SyntaxError",
];

/** Properties of nothing, and calls of it, are TypeErrors; the techniques say in their own words what they miss. */
const missingTexts: Readonly<Record<string, RegExp>> = {
  TypeError: /\bundefined\b|\bnull\b|not a (?:function|constructor)|not an object/u,
  Error: /^there is no |not a secure context$/u,
};

function isMissing(event: PageEvent | undefined): boolean {
  if (event?.type !== "exception") return false;
  const { name, message } = event;
  return missingNames.includes(name) || missingTexts[name]?.test(message) === true;
}

/**
 * Every browser says in words of its own that a request failed, and none says why:
 * https://fetch.spec.whatwg.org/#fetch-method. The techniques say so too, and with which status.
 */
function isFailedRequest(event: PageEvent | undefined): boolean {
  return (
    event?.type === "exception" &&
    (event.name === "NetworkError" ||
      /^(?:Failed to fetch|NetworkError when|Load failed|the priming request|no [a-z]+: [45]\d\d$)/u.test(
        event.message,
      ))
  );
}

/** Without addresses, which are those of one trial. */
function exceptionText(event: PageEvent | undefined): string {
  if (event?.type !== "exception") return "no reason given";
  const message = event.message.replace(/\b(?:ws|http)s?:\/\/[^\s'"]+/gu, "…");
  return message === "" ? event.name : `${event.name}: ${message}`;
}

function whyUnknown({ end, evidence, events }: Attempt): string {
  const turnedAway = evidence.find((entry) => entry.type === "request" && entry.status >= 400);
  if (turnedAway?.type === "request") {
    return `the lab itself turned it away, with status ${turnedAway.status}`;
  }
  const saw = events.at(-1)?.type ?? "nothing";
  if (evidence.length === 0) return `no server heard of it; the page saw ${saw}`;
  return `no server judged it${end === "timeout" ? " in time" : ""}; the page saw ${saw}`;
}
