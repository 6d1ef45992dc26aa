import mqtt from "mqtt";
import type { Present } from "../program.ts";

/** Sends user name and token in the CONNECT packet, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, { open }) => {
  const socket = open(endpoint, { protocols: ["mqtt"] });
  const client = mqtt.connect(endpoint.href, {
    createWebsocket: () => socket,
    protocolVersion: 5,
    username: user,
    password: token,
    reconnectPeriod: 0,
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
