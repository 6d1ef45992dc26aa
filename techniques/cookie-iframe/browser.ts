import type { Connect } from "../connect.ts";

/** Has a hidden iframe on the WebSocket's own origin store the token as a cookie, then connects. */
export const connect: Connect = async (endpoint, { token }) => {
  const page = new URL(`frame.html${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const frameOrigin = page.origin;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = page.href;

  const ready = messageFrom(frame, frameOrigin, "ready");
  document.body.append(frame);
  await ready;
  const stored = messageFrom(frame, frameOrigin, "stored");
  frame.contentWindow?.postMessage(token, frameOrigin);
  await stored;

  frame.remove();
  return new WebSocket(endpoint);
};

/** Any window can post a message: only this frame, on its own origin, is believed. */
function messageFrom(frame: HTMLIFrameElement, origin: string, text: string): Promise<void> {
  return new Promise((resolve) => {
    addEventListener("message", function listen(event) {
      if (event.source !== frame.contentWindow || event.origin !== origin) return;
      if (event.data !== text) return;
      removeEventListener("message", listen);
      resolve();
    });
  });
}
