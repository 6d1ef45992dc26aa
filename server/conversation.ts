import type { WebSocket } from "ws";

/** RFC 6455, 7.4.1: the close codes that the lab uses. */
export const closeCodes = { normal: 1000, goingAway: 1001, policyViolation: 1008 } as const;

/**
 * What is said after authentication: the server greets, the client says goodbye, the server closes
 * with 1000. A client that says anything else is closed with 1008.
 */
export function converse(socket: WebSocket, user: string): void {
  socket.once("message", (data: Buffer, isBinary: boolean) => {
    const answer = isBinary ? undefined : data.toString();
    if (answer === `Goodbye ${user}.`) socket.close(closeCodes.normal);
    else socket.close(closeCodes.policyViolation, "a goodbye was expected");
  });
  socket.send(`Hello ${user}!`);
}
