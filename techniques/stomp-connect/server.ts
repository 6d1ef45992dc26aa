import type { Technique, UnauthenticatedConnection } from "../technique.ts";
import { userAndToken } from "../user-and-token.ts";
import { type Frame, readFrame, writeFrame } from "./frames.ts";

/** The lab's close code for a session that was revoked, or whose time is over. */
const sessionOver = 4401;

/** Reads user name and token from STOMP's own CONNECT frame, and refuses with an ERROR frame; see README.md. */
export const stompConnect: Technique = {
  id: "stomp-connect",
  title: "STOMP CONNECT",
  via: "CONNECT frame",
  stage: "first-message",
  libraries: ["@stomp/stompjs"],
  selectSubprotocol: (offered) => (offered.has("v12.stomp") ? "v12.stomp" : undefined),
  negotiate(connection) {
    connection.socket.once("message", (data: Buffer) => {
      void authenticate(connection, readFrame(data.toString()));
    });
  },
};

async function authenticate(
  connection: UnauthenticatedConnection,
  frame: Frame | undefined,
): Promise<void> {
  const { socket } = connection;
  if (frame?.command !== "CONNECT" && frame?.command !== "STOMP") {
    return connection.refuse("a CONNECT frame was expected");
  }
  const { headers } = frame;
  const credential = userAndToken(headers.get("login"), headers.get("passcode"));
  const admission = await connection.judge(credential);
  if (!admission.accepted) {
    socket.send(writeFrame("ERROR", { message: admission.refusal }));
    return socket.close(1008, admission.refusal);
  }
  socket.send(writeFrame("CONNECTED", { version: "1.2", "heart-beat": "0,0" }));
  // A server may send only what was subscribed to, with the id of the subscription.
  socket.once("message", (data: Buffer) => {
    const next = readFrame(data.toString());
    const subscription = next?.headers.get("id");
    if (next?.command !== "SUBSCRIBE" || subscription === undefined) {
      socket.send(writeFrame("ERROR", { message: "a SUBSCRIBE frame was expected" }));
      return socket.close(1008, "a SUBSCRIBE frame was expected");
    }
    const destination = next.headers.get("destination") ?? "";
    connection.converse(admission.user, {
      send(text) {
        const message = { subscription, destination, "message-id": crypto.randomUUID() };
        socket.send(writeFrame("MESSAGE", message, text));
      },
      receive(listener) {
        socket.on("message", (message: Buffer) => {
          const sent = readFrame(message.toString());
          listener(sent?.command === "SEND" ? sent.body : null);
        });
      },
      close(code, reason = "") {
        if (code === sessionOver) socket.send(writeFrame("ERROR", { message: reason }));
        socket.close(code, reason);
      },
    });
  });
}
