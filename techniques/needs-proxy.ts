import type { Technique } from "./technique.ts";

/** Why a technique cannot be tried where nothing stands in front of the lab's servers; null: it can. */
export function needsProxy({ proxied }: Pick<Technique, "proxied">): string | null {
  if (proxied === undefined) return null;
  return "its server trusts the reverse proxy in front of it, and only the experiments start one";
}
