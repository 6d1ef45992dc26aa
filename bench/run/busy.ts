import { cpus } from "node:os";

/** For how many milliseconds this machine's processors have been busy since it started, all of them together. */
export function busyMs(): number {
  return cpus().reduce(
    (sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq,
    0,
  );
}
