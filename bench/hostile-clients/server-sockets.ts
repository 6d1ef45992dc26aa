import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { EventEmitter, once } from "node:events";
import type { Socket } from "node:net";

/**
 * The connections that this process has accepted since, and that are open: what a client sees of its end
 * says nothing of the server's.
 */
export class ServerSockets {
  readonly #open = new Set<Socket>();
  #accepted = 0;
  readonly #changes = new EventEmitter<{ close: [] }>();
  readonly #add = (message: unknown): void => {
    if (!isAboutSocket(message)) return;
    const { socket } = message;
    this.#open.add(socket);
    this.#accepted += 1;
    socket.once("close", () => {
      this.#open.delete(socket);
      this.#changes.emit("close");
    });
  };

  constructor() {
    // https://nodejs.org/api/diagnostics_channel.html#event-netserversocket
    subscribe("net.server.socket", this.#add);
  }

  get count(): number {
    return this.#open.size;
  }

  /** How many it has accepted, whether they are open or not. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resolves when no more than `most` are open. */
  async whenAtMost(most: number, signal?: AbortSignal): Promise<void> {
    while (this.#open.size > most) await once(this.#changes, "close", signal && { signal });
  }

  [Symbol.dispose](): void {
    unsubscribe("net.server.socket", this.#add);
  }
}

function isAboutSocket(message: unknown): message is { readonly socket: Socket } {
  return typeof message === "object" && message !== null && "socket" in message;
}
