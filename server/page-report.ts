import { z } from "zod";
import type { FeatureFinding } from "../model/features.ts";
import type {
  LivePresent,
  PageReport,
  PageTrace,
  Point,
  PreflightReport,
} from "../model/lab-api.ts";
import type { PageEvent } from "../model/observation.ts";

const at = z.number().min(0).max(3_600_000);
const text = z.string().max(1_000);

const event: z.ZodType<PageEvent> = z.discriminatedUnion("type", [
  z.strictObject({ at, type: z.literal("open"), protocol: text }),
  z.strictObject({ at, type: z.literal("message"), data: text }),
  z.strictObject({ at, type: z.literal("refusal"), code: text, reason: text }),
  z.strictObject({ at, type: z.literal("error") }),
  z.strictObject({
    at,
    type: z.literal("close"),
    code: z.int().min(1_000).max(4_999),
    reason: text,
    wasClean: z.boolean(),
  }),
  z.strictObject({ at, type: z.literal("exception"), name: text, message: text }),
]);

const trace: z.ZodType<PageTrace> = z.strictObject({
  place: z.enum(["socket's url", "document.cookie", "performance entries", "history"]),
  text: z.string().max(20_000),
});

const report: z.ZodType<PageReport> = z.strictObject({
  end: z.enum(["completed", "threw", "timeout", "harness-error"]),
  events: z.array(event).max(50),
  traces: z.array(trace).max(20).exactOptional(),
});

/** A page's post to its trial: nothing yet, or the report of the attempt that it was given. */
export type TrialPost = { readonly report: null } | { readonly report: PageReport };

const trialPost: z.ZodType<TrialPost> = z.strictObject({ report: z.union([z.null(), report]) });

const pixels = z.int().min(0).max(10_000);
const point: z.ZodType<Point> = z.strictObject({ x: pixels, y: pixels });

const id = z.string().min(1).max(64);
const detail = z.string().max(200);
const finding: z.ZodType<FeatureFinding> = z.strictObject({ supported: z.boolean(), detail });

const preflight: z.ZodType<PreflightReport> = z.strictObject({
  domains: limited(z.record(id, detail.nullable())),
  features: limited(z.record(id, finding)),
});

function limited<T extends object>(record: z.ZodType<T>): z.ZodType<T> {
  return record.refine((value) => Object.keys(value).length <= 32, "has at most 32 entries");
}

/** A request for a connection outside a trial. */
export interface LiveRequest {
  readonly technique: string;
  readonly user: string;
  readonly present: LivePresent;
  readonly singleUse: boolean;
  /** The id of the live attempt whose token is to be presented again; absent: another one is. */
  readonly first?: string;
}

/** A user name: 1 to 64 characters of any text without lone surrogates, which UTF-8 cannot carry. */
export const userName: z.ZodType<string> = z
  .string()
  .min(1, "a user name is needed")
  .max(64, "a user name has at most 64 characters")
  .refine((name) => name.isWellFormed(), "a user name is text, without half characters");

const liveRequest: z.ZodType<LiveRequest> = z
  .strictObject({
    technique: z.string().max(64),
    user: userName,
    present: z.enum(["fresh", "none", "forged", "expired", "again"]).default("fresh"),
    singleUse: z.boolean().default(false),
    first: id.exactOptional(),
  })
  .refine(({ present, first }) => (present === "again") === (first !== undefined), {
    path: ["first"],
    error: "names the attempt whose token is presented again, and is needed for that alone",
  });

/** A value from a browser, or a sentence that says where it is wrong. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

/** Reads the JSON text of a page's report on a live attempt. */
export const parsePageReport = (body: unknown): Parsed<PageReport> => parse(report, body);

/** Reads the JSON text of a page's post to its trial. */
export const parseTrialPost = (body: unknown): Parsed<TrialPost> => parse(trialPost, body);

/** Reads the JSON text of a trial's page that wants a click. */
export const parsePoint = (body: unknown): Parsed<Point> => parse(point, body);

/** Reads the JSON text of what a walk's first page posts. */
export const parsePreflight = (body: unknown): Parsed<PreflightReport> => parse(preflight, body);

/** Reads the JSON text of a request for a live attempt. */
export const parseLiveRequest = (body: unknown): Parsed<LiveRequest> => parse(liveRequest, body);

function parse<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  if (typeof body !== "string") return { ok: false, error: "the body is not application/json" };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, error: "the body is not JSON" };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.join(".");
  return { ok: false, error: `${place}: ${issue?.message ?? "is not valid"}` };
}
