import { once } from "node:events";
import { WebSocketServer } from "ws";
import { settledMemory, type Memory } from "./memory.ts";
import { obey } from "../orders.ts";
import { user } from "./terms.ts";

const orders = {
  async start(): Promise<number> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        if (!isBinary && data.toString() === `Goodbye ${user}.`) socket.close(1000);
        else socket.close(1008, "a goodbye was expected");
      });
      socket.send(`Hello ${user}!`);
    });
    await once(server, "listening");
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("the server has no port");
    return address.port;
  },
  async memory(): Promise<Memory> {
    return await settledMemory();
  },
};

/** The yardstick: `ws` with the lab's conversation, open to everybody. `start` resolves with its port. */
export type BareOrders = typeof orders;

obey(orders);
