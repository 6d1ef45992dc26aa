import type { LeftOut, ProfileName } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import { ConfigError } from "../server/config.ts";
import { techniquesDirectory } from "../techniques/index.ts";
import type { Flags } from "./flags.ts";
import { leftOut, plan } from "./plan.ts";

/** What every browser is tried with in one profile. */
export interface Sitting {
  readonly profile: ProfileName;
  readonly trials: readonly Trial[];
  readonly leftOut: readonly LeftOut[];
}

/** What the flags ask for, a sitting for each profile that there is something to try with. Throws a ConfigError when there is none. */
export function sittingsOf(flags: Flags): readonly Sitting[] {
  const planned = flags.profiles.map((profile): Sitting => {
    const scenarios = flags.scenariosWith(profile);
    const selection = { ...flags, scenarios, techniquesDirectory };
    return { profile, trials: plan(selection), leftOut: leftOut(selection) };
  });
  const sittings = planned.filter(({ trials }) => trials.length > 0);
  if (sittings.length > 0) return sittings;
  const reasons = new Set(
    planned.flatMap((sitting) => sitting.leftOut).map(({ reason }) => reason),
  );
  throw new ConfigError(`nothing is left to be tried: ${[...reasons].join("; ")}`);
}
