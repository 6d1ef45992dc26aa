import type { WebSocket } from "ws";
import { z } from "zod";
import { readJson } from "../read-json.ts";
import type { Talk } from "../technique.ts";

const saying = z.strictObject({ say: z.string().max(500) });

/** What rooms put up with. */
export interface RoomLimits {
  readonly maxRooms: number;
  /** How much a member that does not read may leave unread before it is cut, in bytes. */
  readonly maxBacklogBytes: number;
}

/** Who is in which room. A room is there as long as somebody is in it. */
export class Rooms {
  readonly #limits: RoomLimits;
  readonly #rooms = new Map<string, Set<WebSocket>>();

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** How many rooms there are. */
  get size(): number {
    return this.#rooms.size;
  }

  /** Makes an open socket a member until it closes. False when there can be no more rooms. */
  join(name: string, socket: WebSocket): boolean {
    const members = this.#rooms.get(name) ?? new Set();
    if (members.size === 0 && this.#rooms.size >= this.#limits.maxRooms) return false;
    this.#rooms.set(name, members.add(socket));
    socket.once("close", () => {
      members.delete(socket);
      if (members.size === 0) this.#rooms.delete(name);
    });
    return true;
  }

  /** Sends a text to every member of the room. */
  say(name: string, text: string): void {
    for (const member of this.#rooms.get(name) ?? []) {
      if (member.bufferedAmount > this.#limits.maxBacklogBytes) member.terminate();
      else member.send(text);
    }
  }

  /** How a member talks: what it says to the room is for all who are in there, and the rest for the server. */
  talk(name: string, user: string, socket: WebSocket): Talk {
    return {
      send: (text) => socket.send(text),
      receive: (listener) => {
        socket.on("message", (data: Buffer, isBinary: boolean) => {
          // Who was sent away may go on talking until the closing handshake is over.
          if (socket.readyState !== socket.OPEN) return;
          const text = isBinary ? null : data.toString();
          const message = text === null ? undefined : readJson(saying, text);
          if (message === undefined) listener(text);
          else this.say(name, JSON.stringify({ by: user, said: message.say }));
        });
      },
      close: (code, reason) => socket.close(code, reason),
    };
  }
}
