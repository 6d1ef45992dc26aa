import { bringToLife } from "../bring-to-life.ts";
import { startTry } from "../try.ts";

bringToLife(startTry);
