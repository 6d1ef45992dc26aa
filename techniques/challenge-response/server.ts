import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { readJson } from "../read-json.ts";
import type { Technique } from "../technique.ts";

const answerShape = z.strictObject({
  id: z.string().max(100),
  /** HMAC-SHA-256 (RFC 2104) in lower-case hexadecimal digits. */
  proof: z.string().regex(/^[0-9a-f]{64}$/u),
});
/** What a client says that has no token. */
const nothing = z.strictObject({});

/** Sends a nonce, and has the client prove with it that it holds the token's secret part; see README.md. */
export const challengeResponse: Technique = {
  id: "challenge-response",
  title: "Challenge and response",
  via: "proof",
  stage: "first-message",
  leavesOut: {
    "token-jwt": "a JSON Web Token has no key that the server shares, with which to check a proof",
  },
  negotiate(connection) {
    const { socket, request } = connection;
    const nonce = randomBytes(32).toString("base64url");
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      const answer = isBinary ? undefined : readJson(answerShape.or(nothing), data.toString());
      if (answer === undefined) return connection.refuse("no answer to the challenge");
      if (!("id" in answer)) return void connection.admit(undefined);
      const { id, proof } = answer;
      const key = connection.secretOf(id)?.slice(id.length) ?? "";
      // With the host in it, an answer that was given to one server is no good at another.
      const { host } = request.headers;
      const said = ["websocket-auth-lab challenge-response", host, nonce, id].join("\n");
      const expected = createHmac("sha256", key).update(said).digest();
      const matches = timingSafeEqual(Buffer.from(proof, "hex"), expected);
      // Anybody can calculate with the empty key, which stands for a token that there is not.
      return void connection.admit({ id, proven: matches && key !== "" });
    });
    socket.send(JSON.stringify({ nonce }));
  },
};
