/** A feature as reports name and explain it. */
export interface FeatureEntry {
  /** As in public/features.ts. */
  readonly id: string;
  readonly title: string;
  /** Where it is specified, proposed or asked for. */
  readonly specification: string;
  /** What it would mean for authentication. */
  readonly meaning: string;
}

/** What a browser's first page asks for, in display order. */
export const featureEntries: readonly FeatureEntry[] = [
  {
    id: "websocket-third-argument",
    title: "WebSocket: third argument",
    specification: "https://github.com/whatwg/websockets/issues/16",
    meaning:
      "Libraries outside of browsers take options with headers as a third argument; a browser that reads none drops the token without a word.",
  },
  {
    id: "websocket-options",
    title: "WebSocket: options object",
    specification: "https://github.com/whatwg/websockets/pull/76",
    meaning:
      "An object in place of the subprotocols carries no credential by itself, but is where an option for headers could be added.",
  },
  {
    id: "websocket-options-headers",
    title: "WebSocket: headers option",
    specification: "https://github.com/whatwg/websockets/issues/16",
    meaning:
      "The token could be in Authorization, and an HTTP server would check it as with any other request.",
  },
  {
    id: "websocket-stream",
    title: "WebSocketStream",
    specification: "https://github.com/whatwg/websockets/pull/48",
    meaning:
      "The same handshake behind streams with backpressure: every technique for WebSocket is needed as before.",
  },
  {
    id: "websocket-stream-headers",
    title: "WebSocketStream: headers option",
    specification: "https://github.com/whatwg/websockets/pull/48",
    meaning:
      "As the headers option of WebSocket; Deno's WebSocketStream has it, the proposal for browsers has not.",
  },
  {
    id: "webtransport",
    title: "WebTransport",
    specification: "https://w3c.github.io/webtransport/#web-transport",
    meaning:
      "Another protocol, over HTTP/3, with a handshake of its own: the token goes into the URL, a first message or a header.",
  },
  {
    id: "webtransport-headers",
    title: "WebTransport: headers option",
    specification: "https://w3c.github.io/webtransport/#dom-webtransportoptions-headers",
    meaning:
      "The token can be in a header of the request that opens the session, which WebSocket does not offer.",
  },
  {
    id: "web-crypto",
    title: "Web Crypto",
    specification: "https://w3c.github.io/webcrypto/",
    meaning:
      "The page can sign a challenge with a key that no script can read, so that a stolen token alone is of no use.",
  },
  {
    id: "storage-access",
    title: "Storage Access API",
    specification: "https://privacycg.github.io/storage-access/",
    meaning:
      "A frame of the server's site can ask the user for its unpartitioned cookies where third parties get none.",
  },
];
