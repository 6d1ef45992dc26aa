import type { Laboratory } from "../server/app.ts";

/** Of a lab in which nobody makes experiments. */
export const idleLaboratory: Laboratory = {
  plan: () => [],
  judge: () => {
    throw new Error("the benchmark has nothing judged");
  },
  visitRun: ({ id }) => ({ id }),
  visitTrial: () => [0],
  dataScript: () => "",
  visitFile: () => ({ problem: "no file" }),
  saveVisit: async () => ({ problem: "no file" }),
};
