import type { Profile } from "../../model/results.ts";
import type { LaunchOptions } from "./browser.ts";

/** The profile of a browser that was left as it is, but for what `LaunchOptions` ask. */
export function profileOf({
  headless,
  acceptInsecureCerts,
}: Pick<LaunchOptions, "headless" | "acceptInsecureCerts">): Profile {
  return {
    thirdPartyCookies: "default",
    headless,
    reconnectBackoff: "default",
    certificates: acceptInsecureCerts ? "accept-any" : "default",
  };
}
