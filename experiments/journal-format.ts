import { z } from "zod";
import type { ObservedTrial } from "../model/observation.ts";
import type { Harness, Run, TrustObservation } from "../model/results.ts";
import type { RunTiming } from "../model/timing.ts";
import { ownerSchema, type Owner } from "./browsers/owner.ts";
import {
  observedTrialSchema,
  runSchema,
  timingSchema,
  trustObservationSchema,
} from "./report/results-schema.ts";

/** What the names of journals end with; what is before it begins the names of all files of that run. */
export const journalEnd = ".journal.jsonl";

const schemaName = "websocket-auth-journal/1";

/** The first line of a journal: what was asked for, and of which code. */
export interface JournalHeader {
  readonly schema: typeof schemaName;
  /** The command line. */
  readonly arguments: readonly string[];
  /** What paths on the command line are relative to. */
  readonly workingDirectory: string;
  readonly harness: Harness;
}

/** Any other line. `of` tells the runs apart, and the observations of trust: see `nameOf`. */
export type JournalLine =
  /** Who writes from here on. */
  | { readonly type: "owner"; readonly owner: Owner }
  /** What is known of a run, but for its trials; again whenever that has changed. */
  | { readonly type: "run"; readonly of: string; readonly run: Run }
  /** `place`: its index in the plan. `endedAt`, `timing`: of the run, if it had ended then. */
  | {
      readonly type: "trial";
      readonly of: string;
      readonly place: number;
      readonly endedAt: string;
      readonly timing?: RunTiming;
      readonly trial: ObservedTrial;
    }
  | { readonly type: "trust"; readonly of: string; readonly observation: TrustObservation };

/** The first line. */
export const headerSchema: z.ZodType<JournalHeader> = z.object({
  schema: z.literal(schemaName),
  arguments: z.array(z.string()),
  workingDirectory: z.string(),
  harness: z.object({
    version: z.string(),
    revision: z.string().nullable(),
    dirty: z.boolean().nullable(),
  }),
});

const of = z.string().min(1);

/** Any other line. */
export const lineSchema: z.ZodType<JournalLine> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("owner"), owner: ownerSchema }),
  z.object({ type: z.literal("run"), of, run: runSchema }),
  z.object({
    type: z.literal("trial"),
    of,
    place: z.int().nonnegative(),
    endedAt: z.iso.datetime(),
    timing: timingSchema.exactOptional(),
    trial: observedTrialSchema,
  }),
  z.object({ type: z.literal("trust"), of, observation: trustObservationSchema }),
]);

/** The first line of a run that begins. */
export function headerOf(asked: Omit<JournalHeader, "schema">): JournalHeader {
  return { schema: schemaName, ...asked };
}

/** Names what one browser was tried with: the browser by its place on the command line, for one may be named twice. */
export function nameOf(place: number, browser: string, setup: string): string {
  return `${place} ${browser} ${setup}`;
}
