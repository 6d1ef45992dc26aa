import { assault, type Assault, type HostileEnd } from "./assault.ts";
import { attacks } from "./attacks.ts";
import type { Target } from "./target.ts";

/** What an attacker is told. `begin`: the attack's id. */
export type Order =
  | { readonly begin: string; readonly target: Target; readonly connections: number }
  | { readonly next: "go on no more" | "give up" };

/** What an attacker says once its connections have been made. */
export type Begun = "begun";

/** What an attacker says last, of the connections that it did not end itself. */
export interface AttackReport {
  /** How many connections were made. */
  readonly made: number;
  readonly ends: readonly HostileEnd[];
}

// Runs in a process of its own, so that the good client waits for the lab alone.
let current: Assault | undefined;
process.on("message", (order: Order) => {
  if ("begin" in order) {
    const attack = attacks.find(({ id }) => id === order.begin);
    if (attack === undefined) throw new Error(`there is no attack "${order.begin}"`);
    const begun = assault(attack, order.target, order.connections);
    current = begun;
    void begun.begun.then(() => process.send?.("begun"));
    void begun.over.then((ends) => {
      const report: AttackReport = { made: begun.made, ends };
      return process.send?.(report);
    });
  } else if (order.next === "give up") current?.giveUp();
  else current?.goOnNoMore();
});
process.once("disconnect", () => process.exit());
