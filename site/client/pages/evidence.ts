import { bringToLife } from "../bring-to-life.ts";
import { startEvidence } from "../evidence.ts";

bringToLife(startEvidence);
