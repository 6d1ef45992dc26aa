import { z } from "zod";

/** How often what is repeated. */
export interface StabilitySettings {
  /** How often each trial is made under each condition. */
  readonly repeat: number;
  /** How many of these repeats one invocation of the experiments makes; conditions take turns between invocations. */
  readonly atOnce: number;
  /** Flags of `npm run experiments` that select what is tried; none: all of it. */
  readonly flags: readonly string[];
}

const count = z.coerce.number().int().min(1).max(1_000);

/**
 * Settings from the environment, where STABILITY_REPEAT, STABILITY_AT_ONCE and STABILITY_FLAGS replace
 * what is usual. Throws a sentence that names the variable.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  usual: StabilitySettings,
): StabilitySettings {
  const number = (name: string, otherwise: number): number => {
    const text = env[name];
    if (text === undefined) return otherwise;
    const parsed = count.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new Error(`${name} is "${text}": it takes a whole number from 1 to 1000`);
  };
  const repeat = number("STABILITY_REPEAT", usual.repeat);
  const flags = env["STABILITY_FLAGS"]?.split(" ").filter((flag) => flag !== "") ?? usual.flags;
  return {
    repeat,
    atOnce: Math.min(repeat, number("STABILITY_AT_ONCE", usual.atOnce)),
    flags,
  };
}

/** How many repeats each invocation makes. */
export function roundsOf({ repeat, atOnce }: StabilitySettings): readonly number[] {
  const whole = Array.from({ length: Math.floor(repeat / atOnce) }, () => atOnce);
  const rest = repeat % atOnce;
  return rest === 0 ? whole : [...whole, rest];
}

/** The environment that makes the same again, for a shell: "STABILITY_REPEAT=100 …". */
export function settingsText({ repeat, atOnce, flags }: StabilitySettings): string {
  return `STABILITY_REPEAT=${repeat} STABILITY_AT_ONCE=${atOnce} STABILITY_FLAGS="${flags.join(" ")}"`;
}
