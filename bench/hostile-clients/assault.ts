import type { Attack } from "./attacks.ts";
import { closeCodeAtEnd } from "./frames.ts";
import type { Target } from "./target.ts";

/** How one hostile connection ended, as its client saw it. */
export interface HostileEnd {
  /** From its beginning. */
  readonly afterMs: number;
  /** A status, or a close code; "": it was cut without a word; `neverConnected`. */
  readonly said: string;
}

/** An attack that goes on. */
export interface Assault extends Disposable {
  /** How many connections are open, or being opened. */
  readonly open: number;
  /** How many have been opened so far. */
  readonly made: number;
  /** Resolves when all connections of the beginning have been made, or have failed. */
  readonly begun: Promise<void>;
  /** Resolves when all connections have ended, with the first of those that it did not give up. */
  readonly over: Promise<readonly HostileEnd[]>;
  /** Has no further connection follow. Those that are open are left alone. */
  goOnNoMore(): void;
  /** Ends what is open. */
  giveUp(): void;
  /** Gives up. */
  [Symbol.dispose](): void;
}

/** Enough of what was said to see how it began, and how it ended. */
const keptBytes = 256;
/** How many ends of an attack are kept: the first. */
export const keptEnds = 3_000;
/** What is noted of a connection that was refused, or that nobody accepted in time. */
export const neverConnected = "no connection";

/** Opens an attack's connections, all at once. */
export function assault(attack: Attack, target: Target, connections: number): Assault {
  const open = new Set<{ destroy(): void }>();
  const ends: HostileEnd[] = [];
  const { promise: over, resolve } = Promise.withResolvers<readonly HostileEnd[]>();
  const started: Promise<void>[] = [];
  let goesOn = attack.goesOn === true;
  let made = 0;
  let isGivenUp = false;
  const begin = (): void => {
    made += 1;
    const startedAt = performance.now();
    const socket = attack.open(target);
    open.add(socket);
    const start = Promise.withResolvers<void>();
    if (made <= connections) started.push(start.promise);
    socket.once("connect", () => start.resolve());
    let first = Buffer.alloc(0);
    let last = Buffer.alloc(0);
    if (attack.neverReads === true) socket.pause();
    else {
      socket.on("data", (data: Buffer) => {
        if (first.length < keptBytes) first = Buffer.concat([first, data]).subarray(0, keptBytes);
        last = Buffer.concat([last, data.subarray(-keptBytes)]).subarray(-keptBytes);
      });
    }
    let hasFailed = false;
    // A reset is how some of them end.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // One that is reset at once was accepted.
      hasFailed ||= error.syscall === "connect" && error.code !== "ECONNRESET";
    });
    // A server that has ended its side gets no further.
    socket.on("end", () => socket.destroy());
    socket.once("close", () => {
      start.resolve();
      open.delete(socket);
      if (!isGivenUp && ends.length < keptEnds) {
        const said = hasFailed ? neverConnected : saidIn(first, last);
        ends.push({ afterMs: performance.now() - startedAt, said });
      }
      if (goesOn) setImmediate(begin);
      else if (open.size === 0) resolve(ends);
    });
  };
  const giveUp = (): void => {
    goesOn = false;
    isGivenUp = true;
    for (const socket of open) socket.destroy();
    if (open.size === 0) resolve(ends);
  };
  for (let count = 0; count < connections; count += 1) begin();
  return {
    begun: Promise.all(started).then(() => undefined),
    get open() {
      return open.size;
    },
    get made() {
      return made;
    },
    over,
    goOnNoMore() {
      goesOn = false;
      if (open.size === 0) resolve(ends);
    },
    giveUp,
    [Symbol.dispose]: giveUp,
  };
}

function saidIn(first: Buffer, last: Buffer): string {
  const status = /^HTTP\/1\.1 (?<status>\d{3}) /u.exec(first.toString("latin1"))?.groups?.[
    "status"
  ];
  if (status !== "101") return status ?? "";
  return String(closeCodeAtEnd(last) ?? "");
}
