import { z } from "zod";
import type {
  Attempt,
  Evidence,
  ObservedTrial,
  PageEvent,
  Search,
  Serial,
} from "../../model/observation.ts";
import type { LeftOut, Results, Run, TrustObservation } from "../../model/results.ts";
import type { RunTiming } from "../../model/timing.ts";
import { verdict } from "../verdict.ts";

const schemaName = "websocket-auth-results/1";

const at = z.number().nonnegative();
const code = z.int().nonnegative();
const serial: z.ZodType<Serial> = z.templateLiteral(["#", z.int().nonnegative()]);

const pageEvent: z.ZodType<PageEvent> = z.discriminatedUnion("type", [
  z.object({ at, type: z.literal("open"), protocol: z.string() }),
  z.object({ at, type: z.literal("message"), data: z.string() }),
  z.object({ at, type: z.literal("refusal"), code: z.string(), reason: z.string() }),
  z.object({ at, type: z.literal("error") }),
  z.object({ at, type: z.literal("close"), code, reason: z.string(), wasClean: z.boolean() }),
  z.object({ at, type: z.literal("exception"), name: z.string(), message: z.string() }),
]);

const judgement = {
  presented: z.union([serial, z.literal("unrecognised"), z.null()]),
  via: z.string().nullable(),
  user: z.string().nullable(),
  refusal: z.string().nullable(),
};

const evidence: z.ZodType<Evidence> = z.discriminatedUnion("type", [
  z.object({
    at,
    type: z.literal("request"),
    method: z.string(),
    upgrade: z.boolean(),
    origin: z.string().nullable(),
    status: z.int(),
    sets: z.array(z.string()).exactOptional(),
    head: z.array(z.string()).exactOptional(),
    ...judgement,
  }),
  z.object({ at, type: z.literal("message"), ...judgement }),
  z.object({ at, type: z.literal("close"), code, reason: z.string() }),
]);

const searchPlace = z.enum([
  "access log",
  "proxy's access log",
  "Referer",
  "answer to the handshake",
  "socket's url",
  "document.cookie",
  "performance entries",
  "history",
  "console",
]);

const search: z.ZodType<Search> = z.discriminatedUnion("state", [
  z.object({ place: searchPlace, state: z.literal("clean") }),
  z.object({
    place: searchPlace,
    state: z.literal("found"),
    encoding: z.enum(["raw", "percent", "base64", "base64url"]),
    excerpt: z.string(),
  }),
  z.object({ place: searchPlace, state: z.literal("unsearched"), reason: z.string() }),
]);

const attempt: z.ZodType<Attempt> = z.object({
  present: z.enum(["fresh", "none", "forged", "expired", "again", "replayed"]),
  user: z.string(),
  singleUse: z.boolean(),
  shape: z.enum(["opaque", "jwt", "awkward", "4k", "8k", "16k"]).exactOptional(),
  afterwards: z
    .enum(["goodbye", "renew", "renew-as-another", "stay", "be-revoked", "log-out", "hold"])
    .exactOptional(),
  from: z
    .enum([
      "page",
      "tab",
      "restarted",
      "frame",
      "sandboxed-frame",
      "dedicated-worker",
      "shared-worker",
      "service-worker",
      "cross-site-frame",
      "cross-site-page",
      "cross-site-sandbox",
      "sibling-page",
      "other-port-page",
      "program",
    ])
    .exactOptional(),
  fault: z
    .enum([
      "401-with-challenge",
      "401",
      "403",
      "redirect",
      "no-subprotocol",
      "close-4401",
      "silence",
      "down",
    ])
    .exactOptional(),
  without: z.enum(["origin-check", "session-watch"]).exactOptional(),
  plants: z.literal(true).exactOptional(),
  meanwhile: z.literal(true).exactOptional(),
  searched: z.literal(true).exactOptional(),
  expect: z.enum(["accepted", "refused", "any"]),
  given: serial.nullable(),
  renewedWith: z.exactOptional(serial),
  searches: z.array(search).exactOptional(),
  end: z.enum(["completed", "threw", "timeout", "harness-error"]),
  events: z.array(pageEvent),
  evidence: z.array(evidence),
});

const placement = z.enum(["same-origin", "same-host", "same-site", "cross-site"]);
const scheme = z.enum(["ws", "wss", "http+wss", "https+ws"]);

/** A trial without its verdict, as it is stored. */
export const observedTrialSchema: z.ZodType<ObservedTrial> = z.object({
  technique: z.string().min(1),
  scenario: z.string().min(1),
  placement,
  scheme,
  aspect: z
    .enum([
      "token-shape",
      "hijacking",
      "planting",
      "leaks",
      "ambience",
      "replay",
      "visibility",
      "recovery",
      "session-end",
      "callers",
    ])
    .exactOptional(),
  definition: z.string(),
  attempts: z.array(attempt),
  failure: z
    .object({
      outcome: z.enum(["timeout", "crash", "harness-error", "unsupported"]),
      reason: z.string(),
    })
    .nullable(),
  tookMs: at.exactOptional(),
});

const browser = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  version: z.string().nullable(),
  engine: z.string(),
  os: z.string(),
  userAgent: z.string().nullable(),
  driver: z.string(),
  versionSource: z.enum(["driver", "ua", "none"]),
});

const profile = z.object({
  // Absent, like all that has a default here, in the first results that were published.
  name: z
    .enum(["default", "third-party-allowed", "third-party-blocked", "private", "reconnect-backoff"])
    .default("default"),
  means: z.array(z.string()).default([]),
  headless: z.boolean(),
  reconnectBackoff: z.enum(["default", "off"]),
  certificates: z.enum(["default", "accept-any", "exception", "authority"]),
});

const omission = { technique: z.string().min(1), reason: z.string() };
const leftOut: z.ZodType<LeftOut> = z.union([
  z.strictObject({ ...omission, placement }),
  z.strictObject({ ...omission, scheme }),
  z.strictObject({ ...omission, scenario: z.string().min(1) }),
]);

const dialogs = z.array(z.string()).default([]);

const feature = z.object({ id: z.string().min(1), supported: z.boolean(), detail: z.string() });

const phaseTime = z.object({ ms: at, count: z.int().nonnegative() });

/** Where a run's time went. */
export const timingSchema: z.ZodType<RunTiming> = z.object({
  tookMs: at,
  phases: z.object({
    launch: phaseTime,
    preflight: phaseTime,
    navigation: phaseTime,
    lab: phaseTime,
    attempts: phaseTime,
    restarts: phaseTime,
    close: phaseTime,
    other: phaseTime,
  }),
});

/** One run, whose verdicts are computed anew. */
export const runSchema: z.ZodType<Run> = z.object({
  id: z.string().min(1),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  harness: z.object({
    version: z.string(),
    revision: z.string().nullable(),
    dirty: z.boolean().nullable(),
  }),
  browser,
  profile,
  through: z.string().nullable().default(null),
  dialogs,
  features: z.array(feature).default([]),
  leftOut: z.array(leftOut).default([]),
  timing: timingSchema.exactOptional(),
  trials: z.array(
    observedTrialSchema.transform((trial) => ({ ...trial, verdict: verdict(trial) })),
  ),
});

/** What a browser did under one condition of trust. */
export const trustObservationSchema: z.ZodType<TrustObservation> = z.object({
  condition: z.string().min(1),
  browser,
  profile,
  dialogs,
  trial: observedTrialSchema,
});

/** The results format, version 1. Parsing replaces whatever verdicts there are by computed ones. */
export const resultsSchema: z.ZodType<Results> = z.object({
  schema: z.literal(schemaName, {
    error: ({ input }) => `this lab reads "${schemaName}", not ${JSON.stringify(input)}`,
  }),
  runs: z.array(runSchema),
  trust: z.array(trustObservationSchema).default([]),
});

/** What is wrong with parsed results, and where: "runs[0].browser.name: Invalid input: …". */
export function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const place = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
  return `${place === "" ? "the results" : place}: ${message}`;
}
