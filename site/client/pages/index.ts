import { bringToLife } from "../bring-to-life.ts";
import { startCompare } from "../compare.ts";

bringToLife(startCompare);
