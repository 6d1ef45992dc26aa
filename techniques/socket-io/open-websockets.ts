import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";

/** What Engine.IO needs of a WebSocket server. */
interface WebSocketEngine {
  handleUpgrade(
    request: IncomingMessage,
    socket: unknown,
    head: unknown,
    opened: (webSocket: WebSocket) => void,
  ): void;
  close(): void;
}

/** Stands where Engine.IO would open a WebSocket itself: it is open already, and found by its request. */
export function openWebSockets(
  find: (request: IncomingMessage) => WebSocket | undefined,
): new () => WebSocketEngine {
  return class {
    handleUpgrade(...[request, , , opened]: Parameters<WebSocketEngine["handleUpgrade"]>): void {
      const webSocket = find(request);
      if (webSocket !== undefined) opened(webSocket);
    }
    close(): void {}
  };
}
