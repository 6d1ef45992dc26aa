import type { Profile } from "../../model/results.ts";
import type { LaunchOptions } from "./browser.ts";

/** The options of a launch that a profile is made of. */
export type ProfileOptions = Pick<LaunchOptions, "headless" | "profile" | "trust">;

/** A browser as it comes, with a window. */
export const untouched: ProfileOptions = {
  headless: false,
  profile: "default",
  trust: { kind: "default" },
};

/** The profile of a browser that got what `LaunchOptions` ask for, by these means. */
export function profileOf(
  { headless, profile, trust }: ProfileOptions,
  means: readonly string[] = [],
): Profile {
  return {
    name: profile,
    means,
    headless,
    reconnectBackoff: "default",
    certificates: trust.kind,
  };
}
