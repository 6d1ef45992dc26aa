import mqtt from "/libraries/mqtt/dist/mqtt.esm.js";
import type { Connect } from "../connect.ts";

/** Sends user name and token in the CONNECT packet, then subscribes. */
export const connect: Connect = (endpoint, { user, token }) => {
  const socket = new WebSocket(endpoint, "mqtt");
  const client = mqtt.connect(endpoint.href, {
    createWebsocket: () => socket,
    protocolVersion: 5,
    username: user,
    password: token,
    reconnectPeriod: 0,
    // By default timers are a worker from a blob URL, which a content security policy may forbid.
    timerVariant: "native",
  });
  return {
    socket,
    listen(listeners) {
      client.on("connect", () => client.subscribe("conversation"));
      client.on("message", (_topic, payload) => listeners.message(payload.toString()));
      client.on("packetreceive", (packet) => {
        if (packet.cmd !== "connack" || !packet.reasonCode) return;
        listeners.refusal(
          `0x${packet.reasonCode.toString(16)}`,
          packet.properties?.reasonString ?? "",
        );
        client.end(true);
      });
      client.on("error", () => {});
    },
    send: (text: string) => client.publish("conversation", text),
  };
};
