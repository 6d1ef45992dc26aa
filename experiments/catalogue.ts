import type { Technique } from "../techniques/technique.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { scenarios } from "./scenarios/index.ts";
import { trustConditions } from "./trust/conditions.ts";

/** Techniques and scenarios as reports name them, in display order. */
export function catalogueOf(techniques: readonly Technique[]): Catalogue {
  return {
    techniques: techniques.map(({ id, title, proxied }) => {
      return { id, title, isProxied: proxied !== undefined };
    }),
    scenarios: scenarios.map(({ id, question }) => ({ id, question })),
    conditions: trustConditions.map(({ id, question }) => ({ id, question })),
  };
}
