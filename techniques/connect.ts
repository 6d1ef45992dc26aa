/** A user name and the secret that was issued for it. */
export interface PageCredential {
  readonly user: string;
  readonly token: string;
}

/** A socket whose messages are wrapped in a protocol, as a client library hands it over. */
export interface Channel {
  /** The socket underneath, before it opens. */
  readonly socket: ChannelSocket;
  /** Calls back with each text that the server says, and when it refuses in the protocol's own words. Called once, at once. */
  listen(listeners: ChannelListeners): void;
  send(text: string): void;
}

/** What is used of the socket underneath: something else can stand in for a WebSocket. */
export type ChannelSocket = Pick<WebSocket, "addEventListener" | "close" | "protocol">;

/** What a page hears through a channel. */
export interface ChannelListeners {
  readonly message: (text: string) => void;
  /** `code` is the protocol's own: "ERROR", "4403", "0x86". */
  readonly refusal: (code: string, reason: string) => void;
}

/**
 * The browser half of a technique: presents the credential and hands back the socket before it
 * opens. `endpoint` is where this technique's server is, and may be changed at will; its path ends
 * with a slash, and the technique's own pages are below it. `home` is where the same pages are on
 * the page's own origin. Requests below both keep the query, by which both ends are joined.
 * Whatever it throws counts as the browser refusing the technique.
 */
export type Connect = (
  endpoint: URL,
  credential: PageCredential,
  home: URL,
  wantClick: WantClick,
) => WebSocket | Channel | Promise<WebSocket | Channel>;

/**
 * Speaks the technique's protocol as a page does that holds no credential, so that the server judges
 * that at once. Absent: a bare `new WebSocket(endpoint)`. `endpoint` and `home` are as in `Connect`.
 */
export type ConnectWithout = (
  endpoint: URL,
  home: URL,
) => WebSocket | Channel | Promise<WebSocket | Channel>;

/**
 * Says that the user has to click on this element, which is in the page and shown. Users see it by
 * themselves; whoever drives a browser in their place has to be told.
 */
export type WantClick = (element: ShownElement) => void;

/** What is used of an element, which programs have none of. */
export interface ShownElement {
  getBoundingClientRect(): {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Presents another credential on the open connection. The server answers `Renewed.`, or closes. */
export type Renew = (socket: WebSocket, credential: PageCredential) => void;

/**
 * Logs out while the socket is open, at whatever server made the session: the session is over, and its
 * cookie is gone. `endpoint` and `home` are as in `Connect`. Rejects when the server refuses.
 */
export type LogOut = (endpoint: URL, home: URL) => Promise<void>;
