import type { ChannelListeners, ChannelSocket, Connect } from "../connect.ts";

/** What is used of it: https://developer.mozilla.org/docs/Web/API/WebSocketStream */
interface WebSocketStream {
  readonly opened: Promise<{
    readonly protocol: string;
    readonly readable: ReadableStream<string | Uint8Array>;
    readonly writable: WritableStream<string>;
  }>;
  readonly closed: Promise<{ readonly closeCode: number; readonly reason: string }>;
  close(): void;
}

/** Asks `WebSocketStream` for a header of the page's own, among the options that it takes. */
export const connect: Connect = (endpoint, { token }) => {
  const constructor: unknown = Reflect.get(globalThis, "WebSocketStream");
  if (typeof constructor !== "function") throw new Error("there is no WebSocketStream here");
  const options = { headers: { Authorization: `Bearer ${token}` } };
  const stream: WebSocketStream = Reflect.construct(constructor, [endpoint.href, options]);
  const socket = new StreamSocket(stream);
  return {
    socket,
    listen: (listeners: ChannelListeners) => void socket.relay(listeners),
    send: (text: string) => void socket.write(text),
  };
};

/** A stream, told in the events of a WebSocket. */
class StreamSocket extends EventTarget implements ChannelSocket {
  protocol = "";
  readonly #stream: WebSocketStream;

  constructor(stream: WebSocketStream) {
    super();
    this.#stream = stream;
  }

  async relay(listeners: ChannelListeners): Promise<void> {
    const closed = this.#stream.closed.then(
      ({ closeCode, reason }) => ({ code: closeCode, reason, wasClean: true }),
      () => ({ code: 1006, reason: "", wasClean: false }),
    );
    try {
      const { protocol, readable } = await this.#stream.opened;
      this.protocol = protocol;
      this.dispatchEvent(new Event("open"));
      for await (const data of readable) {
        listeners.message(typeof data === "string" ? data : "(binary)");
      }
    } catch {
      this.dispatchEvent(new Event("error"));
    }
    this.dispatchEvent(new CloseEvent("close", await closed));
  }

  async write(text: string): Promise<void> {
    const { writable } = await this.#stream.opened;
    const writer = writable.getWriter();
    await writer.write(text);
    writer.releaseLock();
  }

  close(): void {
    this.#stream.close();
  }
}
