import type { WebSocket } from "ws";
import type { Talk } from "../techniques/technique.ts";

/**
 * RFC 6455, 7.4: the close codes that the lab uses. Those from 4000 are its own: a session is over, and
 * a server did not close a connection that it should have.
 */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  policyViolation: 1008,
  stillOpen: 4000,
  sessionOver: 4401,
} as const;

/**
 * What is said after authentication: the server greets, the client says goodbye, the server closes
 * with 1000. A client that says anything else is closed with 1008.
 */
export function converse(talk: Talk, user: string): void {
  let ended = false;
  talk.receive((answer) => {
    if (ended) return;
    ended = true;
    if (answer === `Goodbye ${user}.`) talk.close(closeCodes.normal);
    else talk.close(closeCodes.policyViolation, "a goodbye was expected");
  });
  talk.send(`Hello ${user}!`);
}

/** One text message a text, and nothing around it. */
export function plainTalk(socket: WebSocket): Talk {
  return {
    send: (text) => socket.send(text),
    receive: (listener) => {
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        listener(isBinary ? null : data.toString());
      });
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
