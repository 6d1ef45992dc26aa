import mqtt from "mqtt";
import type { Present, PresentWithout, ProgramChannel, ProgramMeans } from "../program.ts";

/** Sends user name and token in the CONNECT packet, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, means) =>
  channel(endpoint, { username: user, password: token }, means);

/** Sends a CONNECT packet whose user name and password are left out. */
export const presentWithout: PresentWithout = (endpoint, means) => channel(endpoint, {}, means);

function channel(
  endpoint: URL,
  login: { username?: string; password?: string },
  { open }: ProgramMeans,
): ProgramChannel {
  const socket = open(endpoint, { protocols: ["mqtt"] });
  const client = mqtt.connect(endpoint.href, {
    createWebsocket: () => socket,
    protocolVersion: 5,
    ...login,
    reconnectPeriod: 0,
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
