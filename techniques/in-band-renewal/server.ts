import { z } from "zod";
import { readJson } from "../read-json.ts";
import type { Talk, Technique, UnauthenticatedConnection } from "../technique.ts";

/** RFC 6455, 7.4.2: codes from 4000 are an application's own. */
const closeCodes = { notRenewed: 4403, policyViolation: 1008 } as const;

const presentation = z.strictObject({ token: z.string() });
const renewal = z.strictObject({ renew: z.string() });

/** Reads the token from the first message, and the next ones while the connection is open; see README.md. */
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
      return connection.converse(admission.user, renewable(connection, admission.user));
    };
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      const message = isBinary ? undefined : readJson(presentation, data.toString());
      if (message === undefined) connection.refuse("the first message presents no token");
      else void enter(message.token);
    });
  },
};

/** With every credential that is judged to be good, the connection lives as long as that one. */
function renewable(connection: UnauthenticatedConnection, user: string): Talk {
  const { socket } = connection;
  const renew = async (token: string): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return;
    // The name keeps the connection from changing hands.
    const admission = await connection.judge({ user, token });
    if (!admission.accepted) return socket.close(closeCodes.notRenewed, admission.refusal);
    return socket.send("Renewed.");
  };
  // One after the other, so that none is judged once another was refused.
  let renewals = Promise.resolve();
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
