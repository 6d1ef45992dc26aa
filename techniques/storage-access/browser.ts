import type { ChannelSocket, Connect } from "../connect.ts";

/** Has a frame on the WebSocket's own origin ask for its cookies, and open the socket in our stead. */
export const connect: Connect = async (endpoint, { token }, _home, wantClick) => {
  const page = new URL(`frame.html${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const frame = document.createElement("iframe");
  frame.src = page.href;
  frame.hidden = true;
  const ready = isReady(frame, page.origin);
  document.body.append(frame);
  await ready;

  // Whoever holds the other port may speak. Only the frame's origin gets it.
  const { port1: port, port2 } = new MessageChannel();
  const opening = new Promise<void>((resolve, reject) => {
    port.addEventListener("message", ({ data: { type, name, message } }) => {
      if (type === "click") {
        frame.hidden = false;
        wantClick(frame);
      } else if (type === "opening") resolve();
      else if (type === "failure") reject(new DOMException(message, name));
    });
  });
  port.start();
  frame.contentWindow?.postMessage(token, page.origin, [port2]);
  await opening.catch((error: unknown) => {
    frame.remove();
    throw error;
  });
  frame.hidden = true;

  const socket = new FrameSocket(port);
  socket.addEventListener("close", () => frame.remove());
  return {
    socket,
    listen: ({ message }) => {
      port.addEventListener("message", ({ data }) => {
        if (data.type === "message") message(data.data);
      });
    },
    send: (text: string) => port.postMessage(text),
  };
};

/** Any window can post a message: only this frame, on its own origin, is believed. */
function isReady(frame: HTMLIFrameElement, origin: string): Promise<void> {
  return new Promise((resolve) => {
    addEventListener("message", function listen(event) {
      if (event.source !== frame.contentWindow || event.origin !== origin) return;
      removeEventListener("message", listen);
      resolve();
    });
  });
}

/** The frame's socket, as far as a page needs to know it. */
class FrameSocket extends EventTarget implements ChannelSocket {
  readonly protocol = "";
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.addEventListener("message", ({ data: { type, ...init } }) => {
      if (type === "close") this.dispatchEvent(new CloseEvent("close", init));
      else if (type === "open" || type === "error") this.dispatchEvent(new Event(type));
    });
  }

  close(): void {
    // A port has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#port.postMessage(null);
  }
}
