import { obey } from "../orders.ts";
import { watchPauses, type Pauses } from "./pauses.ts";

let stop: (() => Promise<Pauses>) | undefined;

const orders = {
  watch(): void {
    stop = watchPauses();
  },
  async stopWatching(): Promise<Pauses> {
    if (stop === undefined) throw new Error("nothing was watched");
    return await stop();
  },
};

/** A process that does nothing but look how long it is kept waiting: by the machine, for nothing else can. */
export type IdleOrders = typeof orders;

obey(orders);
