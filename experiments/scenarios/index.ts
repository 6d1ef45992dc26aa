import { expired } from "./expired.ts";
import { forged } from "./forged.ts";
import { missing } from "./missing.ts";
import { renewal, renewalLapsed, renewalOtherUser } from "./renewals.ts";
import { rotation } from "./rotation.ts";
import { rotationNewUser } from "./rotation-new-user.ts";
import { rotationSingleUse } from "./rotation-single-use.ts";
import type { Scenario } from "./scenario.ts";
import { tokenShapes } from "./token-shapes.ts";
import { valid } from "./valid.ts";

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
];
