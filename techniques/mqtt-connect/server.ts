import { randomUUID } from "node:crypto";
import { generate, type Packet, parser, type Parser } from "mqtt-packet";
import type { Technique, UnauthenticatedConnection } from "../technique.ts";
import { userAndToken } from "../user-and-token.ts";

const mqtt5 = { protocolVersion: 5 } as const;
const reasonCodes = {
  success: 0,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  administrativeAction: 0x98,
  maximumConnectTime: 0xa0,
} as const;
/** The lab's close code for a session that was revoked, or whose time is over. */
const sessionOver = 4401;
/** Packets may be spread over messages, so that a limit on these is none on those. */
const maximumPacketSize = 32_768;

/** Reads user name and password from MQTT's own CONNECT packet, and refuses with a CONNACK; see README.md. */
export const mqttConnect: Technique = {
  id: "mqtt-connect",
  title: "MQTT CONNECT",
  via: "CONNECT packet",
  stage: "first-message",
  libraries: ["mqtt"],
  selectSubprotocol: (offered) => (offered.has("mqtt") ? "mqtt" : undefined),
  negotiate(connection) {
    const { socket } = connection;
    const packets = parser(mqtt5);
    let end = (reason: string): void => connection.refuse(reason);
    packets.once("packet", (packet) => {
      end = (reason) => socket.close(1008, reason);
      void authenticate(connection, packet, packets);
    });
    packets.on("error", () => end("malformed packet"));
    socket.on("message", (data: Buffer) => {
      if (socket.readyState !== socket.OPEN) return;
      try {
        if (packets.parse(data) > maximumPacketSize) end("packet too large");
      } catch {
        end("malformed packet");
      }
    });
  },
};

async function authenticate(
  connection: UnauthenticatedConnection,
  packet: Packet,
  packets: Parser,
): Promise<void> {
  const { socket } = connection;
  const send = (answer: Packet): void => socket.send(generate(answer, mqtt5));
  if (packet.cmd !== "connect") return connection.refuse("a CONNECT packet was expected");
  if (packet.protocolVersion !== 5) {
    // In the words of MQTT 3.1.1: unacceptable protocol version.
    socket.send(generate({ cmd: "connack", returnCode: 1, sessionPresent: false }));
    return connection.refuse("MQTT 5 was expected");
  }
  const { username, password } = packet;
  const admission = await connection.judge(userAndToken(username, password?.toString()));
  const connack = { cmd: "connack", sessionPresent: false } as const;
  if (!admission.accepted) {
    const { notAuthorized, badUserNameOrPassword } = reasonCodes;
    const reasonCode = password === undefined ? notAuthorized : badUserNameOrPassword;
    send({ ...connack, reasonCode, properties: { reasonString: admission.refusal } });
    return socket.close(1008, admission.refusal);
  }
  const limits = { maximumPacketSize, maximumQoS: 0, retainAvailable: false };
  const named = packet.clientId === "" ? { assignedClientIdentifier: randomUUID() } : {};
  send({ ...connack, reasonCode: reasonCodes.success, properties: { ...limits, ...named } });
  let hear: ((text: string | null) => void) | undefined;
  packets.on("packet", (next) => {
    if (next.cmd === "pingreq") return send({ cmd: "pingresp" });
    if (next.cmd === "disconnect") return socket.close(1000);
    if (next.cmd === "publish") return hear?.(next.qos === 0 ? String(next.payload) : null);
    // A server may send only what was subscribed to.
    const [first] = next.cmd === "subscribe" ? next.subscriptions : [];
    if (next.cmd !== "subscribe" || first === undefined || hear !== undefined) {
      return socket.close(1008, "protocol error");
    }
    const { messageId = 0, subscriptions } = next;
    send({ cmd: "suback", messageId, granted: subscriptions.map(() => 0) });
    const publish = {
      cmd: "publish",
      topic: first.topic,
      qos: 0,
      dup: false,
      retain: false,
    } as const;
    connection.converse(admission.user, {
      send: (payload) => send({ ...publish, payload }),
      receive: (listener) => (hear = listener),
      close(code, reason = "") {
        if (code === sessionOver) {
          const { administrativeAction, maximumConnectTime } = reasonCodes;
          const reasonCode = reason === "expired token" ? maximumConnectTime : administrativeAction;
          send({ cmd: "disconnect", reasonCode, properties: { reasonString: reason } });
        }
        socket.close(code, reason);
      },
    });
  });
}
