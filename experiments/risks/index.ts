import { ambience } from "./ambience.ts";
import { callers } from "./callers.ts";
import { hijacking } from "./hijacking.ts";
import { leaks } from "./leaks.ts";
import { planting } from "./planting.ts";
import { recovery } from "./recovery.ts";
import { replay } from "./replay.ts";
import type { Risk } from "./risk.ts";
import { sessionEnd } from "./session-end.ts";
import { visibility } from "./visibility.ts";

/** The registry, in display order. */
export const risks: readonly Risk[] = [
  hijacking,
  planting,
  leaks,
  ambience,
  replay,
  visibility,
  recovery,
  sessionEnd,
  callers,
];
