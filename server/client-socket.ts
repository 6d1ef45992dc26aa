import { WebSocket } from "ws";
import type { Talk } from "../techniques/technique.ts";
import { closeCodes } from "./conversation.ts";
import type { SessionEnd, SessionHolder, WatchedSession } from "./session-watch.ts";

/**
 * A client's connection, with all that a server of the lab keeps of it: there may be ten thousand, and
 * bench/scale measures what each of them takes. It is talked on in plain texts: one text message a text,
 * and nothing around it.
 */
export class ClientSocket extends WebSocket implements Talk, SessionHolder {
  /** When its client was last heard of, on the clock of `wholeNow`. */
  pongAt: number = wholeNow();
  messageAt: number = this.pongAt;
  attemptId: string | null = null;
  /** How it is told that its session is over. */
  talk: Talk = this;
  session: WatchedSession | undefined = undefined;
  /** To be called when it has closed. */
  settled: (() => void) | undefined = undefined;
  #listener: ((text: string | null) => void) | undefined = undefined;

  receive(listener: (text: string | null) => void): void {
    this.#listener = listener;
  }

  /** Has who listens to texts hear a message. */
  hear(data: Buffer, isBinary: boolean): void {
    this.#listener?.(isBinary ? null : data.toString());
  }

  sessionEnded(reason: SessionEnd): void {
    this.talk.close(closeCodes.sessionOver, reason);
  }
}

/** Whole milliseconds of `performance.now()`: V8 makes an object for every other number. */
export function wholeNow(): number {
  return Math.floor(performance.now());
}

/** What a server does about its connections. */
export interface ClientSocketTerms {
  /** More than that may not wait to be sent. */
  readonly maxBufferedBytes: number;
  readonly closed: (connection: ClientSocket, code: number, reason: Buffer) => void;
}

/** Makes what has a connection listened to. All share its functions: with functions of its own each would take half as much again. */
export function listenerOf({
  maxBufferedBytes,
  closed,
}: ClientSocketTerms): (connection: ClientSocket) => void {
  function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
    if (!(this instanceof ClientSocket)) return;
    this.messageAt = wholeNow();
    // Who talks and does not read would have its answers pile up here.
    if (this.bufferedAmount > maxBufferedBytes) this.terminate();
    else this.hear(data, isBinary);
  }
  function onClose(this: WebSocket, code: number, reason: Buffer): void {
    if (this instanceof ClientSocket) closed(this, code, reason);
  }
  return (connection) => {
    connection
      .on("pong", onPong)
      .on("message", onMessage)
      .on("close", onClose)
      .on("error", onError);
  };
}

function onPong(this: WebSocket): void {
  if (this instanceof ClientSocket) this.pongAt = wholeNow();
}

/** Errors of a client (oversized or malformed frames) close the connection by themselves. */
function onError(): void {}
