import type { Attempt } from "../../model/observation.ts";
import { fieldOf, hostOf, type RequestEntry } from "./request-head.ts";

/**
 * Who takes part in an attempt. `servers`: app and WebSocket server in one, because they share an
 * origin (`one-origin`), or because a run did not record which of them was asked (`unrecorded`).
 */
export type Lifeline = "caller" | "frame" | "proxy" | "app" | "websocket" | "servers";

/** From left to right. */
const places: readonly Lifeline[] = ["caller", "frame", "proxy", "app", "servers", "websocket"];

/** Puts those who take part in the order in which they are drawn, each once. */
export function inPlaces(lifelines: readonly Lifeline[]): readonly Lifeline[] {
  return places.filter((one) => lifelines.includes(one));
}

/** Who asked for what, as far as that was recorded. */
export interface Routes {
  /** Why app and WebSocket server are drawn as one; null: they are not. */
  readonly shared: "one-origin" | "unrecorded" | null;
  /** The server that the page's token comes from. */
  readonly app: Lifeline;
  /** The server that sockets are connected to. */
  readonly websocket: Lifeline;
  /** Who opens the socket. */
  readonly socket: "caller" | "frame";
  /** Whether a plain request may have been sent by another document than the one that it is drawn from. */
  readonly isUnsure: boolean;
  of(entry: RequestEntry): { readonly from: Lifeline; readonly to: Lifeline };
}

/** Finds out from the heads of requests who sent them, and to whom. `isProxied`: a proxy is known to be in front. */
export function routesOf({ evidence }: Pick<Attempt, "evidence">, isProxied: boolean): Routes {
  const requests = evidence.filter((entry) => entry.type === "request");
  const plain = requests.filter(({ upgrade }) => !upgrade);
  const handshake = requests.find(({ upgrade }) => upgrade);
  const host = handshake === undefined ? undefined : fieldOf(handshake, "host");
  const frames = plain.filter((entry) => fieldOf(entry, "sec-fetch-dest") === "iframe");
  // A frame's own origin is no sign of where the page is from.
  const isFramed = handshake !== undefined && frames.some((frame) => isOf(frame, handshake));
  const shared =
    host !== undefined && hostOf(handshake?.origin) === host && !isFramed
      ? "one-origin"
      : plain.some(({ head }) => head === undefined)
        ? "unrecorded"
        : null;
  const websocket = shared === null ? "websocket" : "servers";
  const app = shared === null ? "app" : "servers";
  return {
    shared,
    app,
    websocket,
    socket: isFramed ? "frame" : "caller",
    isUnsure: plain.some(
      (entry) => senderOf(entry, frames, isProxied) === "caller" && isOfNobody(entry, frames),
    ),
    of: (entry) => ({
      from: senderOf(entry, frames, isProxied),
      to: shared !== null || entry.upgrade || isAtWebSocket(entry, host, frames) ? websocket : app,
    }),
  };
}

/** A request to the host of the handshake; without one, to another origin than the page's. */
function isAtWebSocket(
  entry: RequestEntry,
  handshakeHost: string | undefined,
  frames: readonly RequestEntry[],
): boolean {
  const host = fieldOf(entry, "host");
  if (handshakeHost !== undefined) return host === handshakeHost;
  if (frames.some((frame) => isForeign(frame) && fieldOf(frame, "host") === host)) return true;
  return entry.origin === null
    ? fieldOf(entry, "sec-fetch-site") !== "same-origin"
    : hostOf(entry.origin) !== host;
}

function senderOf(
  entry: RequestEntry,
  frames: readonly RequestEntry[],
  isProxied: boolean,
): Lifeline {
  const { upgrade, head } = entry;
  const mode = fieldOf(entry, "sec-fetch-mode");
  if (isProxied && (head === undefined || (!upgrade && mode === undefined))) return "proxy";
  // A proxy asks about a handshake with the handshake's own fields, and nginx by HTTP/1.0, which no
  // browser speaks: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version
  if (!upgrade && (mode === "websocket" || head?.[0]?.endsWith(" HTTP/1.0") === true)) {
    return "proxy";
  }
  return frames.some((frame) => frame !== entry && isOf(frame, entry)) ? "frame" : "caller";
}

/** Whether a frame's document sent it, which is on another origin than the page: it comes from that origin. */
function isOf(frame: RequestEntry, entry: RequestEntry): boolean {
  const host = fieldOf(frame, "host");
  if (!isForeign(frame) || host === undefined) return false;
  if (entry.origin !== null) return hostOf(entry.origin) === host;
  return fieldOf(entry, "host") === host && fieldOf(entry, "sec-fetch-site") === "same-origin";
}

/** Whether it is on another origin than the page that it is in: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header */
function isForeign(frame: RequestEntry): boolean {
  const site = fieldOf(frame, "sec-fetch-site");
  return site === "same-site" || site === "cross-site";
}

/** Whether nothing tells a page's request from one of a frame in it. */
function isOfNobody(entry: RequestEntry, frames: readonly RequestEntry[]): boolean {
  const destination = fieldOf(entry, "sec-fetch-dest");
  if (destination === undefined) return true;
  return destination !== "iframe" && frames.some((frame) => !isForeign(frame));
}
