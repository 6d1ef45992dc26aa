import type { PageName } from "../links.ts";
import { renderAnswers } from "./answers.ts";
import { renderCompare } from "./compare.ts";
import { renderEvidence } from "./evidence.ts";
import { renderJoin } from "./join.ts";
import { renderLearn } from "./learn.ts";
import { renderTry } from "./try.ts";
import type { View } from "./view.ts";

/** The content of every page that is drawn from `SiteData` alone. */
export const views: Readonly<Record<Exclude<PageName, "risks" | "choose">, View>> = {
  index: renderCompare,
  evidence: renderEvidence,
  try: renderTry,
  learn: renderLearn,
  answers: renderAnswers,
  join: renderJoin,
};
