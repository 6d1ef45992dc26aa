import type { MakeCaller } from "./callers.ts";

/** A frame with the caller's page, which says "ready" and then takes one task. */
export const callerFrame =
  (kind: "open" | "sandboxed"): MakeCaller =>
  ({ callerPage }) => {
    if (callerPage === null) throw new Error("the task names no page for its frame");
    const { href, origin } = new URL(callerPage, location.href);
    const frame = document.createElement("iframe");
    if (kind === "sandboxed") frame.setAttribute("sandbox", "allow-scripts");
    frame.src = href;
    const ready = isReady(frame, kind === "sandboxed" ? "null" : origin);
    document.body.append(frame);
    return {
      ready,
      hand(task, port) {
        // An opaque origin cannot be named: https://html.spec.whatwg.org/multipage/web-messaging.html#dom-window-postmessage-options-dev
        frame.contentWindow?.postMessage(task, kind === "sandboxed" ? "*" : origin, [port]);
      },
      place: () => frame.getBoundingClientRect(),
      remove: () => frame.remove(),
    };
  };

/** Any window can post a message: only this frame, with its own origin, is believed. */
function isReady(frame: HTMLIFrameElement, origin: string): Promise<void> {
  return new Promise((resolve) => {
    addEventListener("message", function listen(event) {
      if (event.source !== frame.contentWindow || event.origin !== origin) return;
      if (event.data !== "ready") return;
      removeEventListener("message", listen);
      resolve();
    });
  });
}
