import mqtt from "/libraries/mqtt/dist/mqtt.esm.js";
import type { Channel, Connect, ConnectWithout } from "../connect.ts";

/** Sends user name and token in the CONNECT packet, then subscribes. */
export const connect: Connect = (endpoint, { user, token }) =>
  channel(endpoint, { username: user, password: token });

/** Sends a CONNECT packet whose user name and password are left out. */
export const connectWithout: ConnectWithout = (endpoint) => channel(endpoint, {});

function channel(endpoint: URL, login: { username?: string; password?: string }): Channel {
  const socket = new WebSocket(endpoint, "mqtt");
  const client = mqtt.connect(endpoint.href, {
    createWebsocket: () => socket,
    protocolVersion: 5,
    ...login,
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
        if ((packet.cmd !== "connack" && packet.cmd !== "disconnect") || !packet.reasonCode) return;
        listeners.refusal(
          `0x${packet.reasonCode.toString(16)}`,
          packet.properties?.reasonString ?? "",
        );
        if (packet.cmd === "connack") client.end(true);
      });
      client.on("error", () => {});
    },
    send: (text: string) => client.publish("conversation", text),
  };
}
