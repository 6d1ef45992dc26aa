import { experiments, type Command, type CommandSurroundings } from "./command.ts";
import type { FaultOutcome, FaultSurroundings } from "./fault.ts";
import { count, journaled, reported, saidIn } from "./trials.ts";

/** A run that is broken off by a fault, and goes on afterwards. */
export interface BrokenRun {
  /** The flags of its first command. */
  readonly flags: readonly string[];
  readonly repeat: number;
  /** After how many of its trials it is struck. */
  readonly after: number;
  /** A module that is loaded before its first command. */
  readonly before?: URL;
  /** Breaks it: null, or why that cannot be done here. */
  readonly strike: (run: Command) => FaultOutcome | null | Promise<FaultOutcome | null>;
  /** What the line is like in which the user reads of it. */
  readonly seen: RegExp;
}

/** Starts a run, breaks it, waits until it has ended, and goes on with it: whatever it had said was done must be in the results. */
export async function brokenAndResumed(
  { scratch, signal }: FaultSurroundings,
  { flags, repeat, after, before, strike, seen }: BrokenRun,
): Promise<FaultOutcome> {
  const around: Partial<CommandSurroundings> = before === undefined ? {} : { before };
  await using first = experiments(scratch, flags, { signal, ...around });
  await first.line(new RegExp(` ${after}/${repeat} `, "u"));
  const problem = await strike(first);
  if (problem !== null) return problem;
  const one = await first.ended;
  const measured = { said: saidIn(one.lines), trials: await journaled(scratch) };
  await using second = experiments(scratch, ["--resume"], { signal });
  const other = await second.ended;
  return {
    state: "made",
    seen: [...one.lines, ...other.lines].find((line) => seen.test(line)) ?? "",
    exits: [one.exit, other.exit],
    trials: count(repeat, measured, await reported(scratch)),
  };
}
