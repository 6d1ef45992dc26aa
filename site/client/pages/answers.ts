import { bringToLife } from "../bring-to-life.ts";
import { startAnswers } from "../answers.ts";

bringToLife(startAnswers);
