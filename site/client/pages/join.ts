import { bringToLife } from "../bring-to-life.ts";
import { startJoin } from "../join.ts";

bringToLife(startJoin);
