import { ambience } from "./ambience.ts";
import { callers } from "./callers.ts";
import { expired } from "./expired.ts";
import { forged } from "./forged.ts";
import { hijacking } from "./hijacking.ts";
import { leaks } from "./leaks.ts";
import { missing } from "./missing.ts";
import { planting } from "./planting.ts";
import { backoff, recovery } from "./recovery.ts";
import { replays } from "./replay.ts";
import { renewal, renewalLapsed, renewalOtherUser } from "./renewals.ts";
import { rotation } from "./rotation.ts";
import { rotationNewUser } from "./rotation-new-user.ts";
import { rotationSingleUse } from "./rotation-single-use.ts";
import type { Scenario } from "./scenario.ts";
import { sessionEnds } from "./session-end.ts";
import { tokenShapes } from "./token-shapes.ts";
import { valid } from "./valid.ts";
import { expiredOrDown, visibleFaults } from "./visibility.ts";

/** The registry, in display order. */
export const scenarios: readonly Scenario[] = [
  valid,
  missing,
  forged,
  expired,
  rotation,
  rotationSingleUse,
  rotationNewUser,
  renewal,
  renewalOtherUser,
  renewalLapsed,
  ...tokenShapes,
  ...hijacking,
  ...planting,
  leaks,
  ...ambience,
  ...replays,
  ...sessionEnds,
  expiredOrDown,
  ...visibleFaults,
  recovery,
  backoff,
  ...callers,
];
