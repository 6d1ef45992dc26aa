import { bringToLife } from "../bring-to-life.ts";
import { startChoose } from "../choose.ts";

bringToLife(startChoose);
