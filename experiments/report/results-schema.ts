import { z } from "zod";
import type {
  Attempt,
  Evidence,
  ObservedTrial,
  PageEvent,
  Serial,
} from "../../model/observation.ts";
import type { Results, Run } from "../../model/results.ts";
import { verdict } from "../verdict.ts";

const schemaName = "websocket-auth-results/1";

const at = z.number().nonnegative();
const code = z.int().nonnegative();
const serial: z.ZodType<Serial> = z.templateLiteral(["#", z.int().nonnegative()]);

const pageEvent: z.ZodType<PageEvent> = z.discriminatedUnion("type", [
  z.object({ at, type: z.literal("open"), protocol: z.string() }),
  z.object({ at, type: z.literal("message"), data: z.string() }),
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
    ...judgement,
  }),
  z.object({ at, type: z.literal("message"), ...judgement }),
  z.object({ at, type: z.literal("close"), code, reason: z.string() }),
]);

const attempt: z.ZodType<Attempt> = z.object({
  present: z.enum(["fresh", "none", "forged", "expired"]),
  user: z.string(),
  singleUse: z.boolean(),
  expect: z.enum(["accepted", "refused"]),
  given: serial.nullable(),
  end: z.enum(["completed", "threw", "timeout", "harness-error"]),
  events: z.array(pageEvent),
  evidence: z.array(evidence),
});

const observedTrial: z.ZodType<ObservedTrial> = z.object({
  technique: z.string().min(1),
  scenario: z.string().min(1),
  placement: z.enum(["same-origin", "same-host"]),
  scheme: z.enum(["ws", "wss"]),
  definition: z.string(),
  attempts: z.array(attempt),
  failure: z
    .object({
      outcome: z.enum(["timeout", "crash", "harness-error", "unsupported"]),
      reason: z.string(),
    })
    .nullable(),
});

const run: z.ZodType<Run> = z.object({
  id: z.string().min(1),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  harness: z.object({
    version: z.string(),
    revision: z.string().nullable(),
    dirty: z.boolean().nullable(),
  }),
  browser: z.object({
    id: z.string().min(1),
    name: z.string().min(1),
    version: z.string().nullable(),
    engine: z.string(),
    os: z.string(),
    userAgent: z.string().nullable(),
    driver: z.string(),
    versionSource: z.enum(["driver", "ua", "none"]),
  }),
  profile: z.object({
    thirdPartyCookies: z.enum(["default"]),
    headless: z.boolean(),
    reconnectBackoff: z.enum(["default", "off"]),
    // Absent in results from before there was TLS.
    certificates: z.enum(["default", "accept-any"]).default("default"),
  }),
  trials: z.array(observedTrial.transform((trial) => ({ ...trial, verdict: verdict(trial) }))),
});

/** The results format, version 1. Parsing replaces whatever verdicts there are by computed ones. */
export const resultsSchema: z.ZodType<Results> = z.object({
  schema: z.literal(schemaName, {
    error: ({ input }) => `this lab reads "${schemaName}", not ${JSON.stringify(input)}`,
  }),
  runs: z.array(run),
});

/** What is wrong with parsed results, and where: "runs[0].browser.name: Invalid input: …". */
export function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const place = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
  return `${place === "" ? "the results" : place}: ${message}`;
}
