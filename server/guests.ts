import type { Socket } from "node:net";
import { deviceOf } from "./addresses.ts";

/**
 * The connections of other devices, counted over all ports, so that none of them takes every place.
 * An address is a device here: who has many addresses counts as many.
 */
export class Guests {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a new connection may stay; one that may is counted until it has closed. */
  admit(socket: Pick<Socket, "remoteAddress" | "once">): boolean {
    const device = deviceOf(socket);
    if (device === null) return true;
    const count = this.#counts.get(device) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(device, count + 1);
    socket.once("close", () => {
      const left = (this.#counts.get(device) ?? 1) - 1;
      if (left === 0) this.#counts.delete(device);
      else this.#counts.set(device, left);
    });
    return true;
  }
}
