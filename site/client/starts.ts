import type { StartPage } from "./page.ts";
import { startAnswers } from "./answers.ts";
import { startChoose } from "./choose.ts";
import { startCompare } from "./compare.ts";
import { startEvidence } from "./evidence.ts";
import { startJoin } from "./join.ts";
import { startLearn } from "./learn.ts";
import { startTry } from "./try.ts";

/** What brings each page to life, where they are one document; pages that are not here are nothing but their text. */
export const starts: Readonly<Record<string, StartPage | undefined>> = {
  index: startCompare,
  evidence: startEvidence,
  try: startTry,
  learn: startLearn,
  answers: startAnswers,
  choose: startChoose,
  join: startJoin,
};
