import { z } from "zod";
import { readJson } from "../read-json.ts";
import type { Talk, Technique, UnauthenticatedConnection } from "../technique.ts";

/** RFC 6455, 7.4.2: codes from 4000 are an application's own. */
const closeCodes = { ranOut: 4401, notRenewed: 4403, policyViolation: 1008 } as const;
/** Node fires timers that are longer at once: https://nodejs.org/api/timers.html */
const longestTimerMs = 2 ** 31 - 1;

const presentation = z.strictObject({ token: z.string() });
const renewal = z.strictObject({ renew: z.string() });

/** Reads the token from the first message, and lets the connection live no longer than it; see README.md. */
export const inBandRenewal: Technique = {
  id: "in-band-renewal",
  title: "In-band renewal",
  via: "message",
  stage: "first-message",
  renews: true,
  negotiate(connection) {
    const { socket } = connection;
    const enter = async (token: string): Promise<void> => {
      const admission = await connection.judge({ token });
      if (!admission.accepted) return socket.close(closeCodes.policyViolation, admission.refusal);
      const { user, expiresInMs } = admission;
      return connection.converse(user, renewable(connection, user, expiresInMs));
    };
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      const message = isBinary ? undefined : readJson(presentation, data.toString());
      if (message === undefined) connection.refuse("the first message presents no token");
      else void enter(message.token);
    });
  },
};

function renewable(connection: UnauthenticatedConnection, user: string, expiresInMs: number): Talk {
  const { socket } = connection;
  let timer: NodeJS.Timeout | undefined;
  const liveFor = (lifetimeMs: number): void => {
    clearTimeout(timer);
    // It may have closed while a token was judged.
    if (socket.readyState !== socket.OPEN) return;
    const end = (): void => socket.close(closeCodes.ranOut, "token ran out");
    timer = setTimeout(end, Math.min(lifetimeMs, longestTimerMs));
  };
  const renew = async (token: string): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return;
    // The name keeps the connection from changing hands.
    const admission = await connection.judge({ user, token });
    if (!admission.accepted) return socket.close(closeCodes.notRenewed, admission.refusal);
    liveFor(admission.expiresInMs);
    return socket.send("Renewed.");
  };
  // One after the other, so that none is judged once another was refused.
  let renewals = Promise.resolve();
  socket.once("close", () => clearTimeout(timer));
  liveFor(expiresInMs);
  return {
    send: (text) => socket.send(text),
    receive(listener) {
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        const text = isBinary ? null : data.toString();
        const message = text === null ? undefined : readJson(renewal, text);
        if (message === undefined) listener(text);
        else renewals = renewals.then(() => renew(message.renew));
      });
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
