import { bringToLife } from "../bring-to-life.ts";
import { startLearn } from "../learn.ts";

bringToLife(startLearn);
