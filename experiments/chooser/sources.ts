import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { risks } from "../risks/index.ts";
import { scenarios } from "../scenarios/index.ts";
import type { GuideSources } from "./guide.ts";
import { snippetsOf } from "./snippets.ts";

/** What this checkout knows of techniques, scenarios and risks. */
export const guideSources: GuideSources = {
  techniques,
  scenarios,
  risks,
  readSnippets: snippetsOf(techniques, techniquesDirectory),
};
