import type { WebSocket } from "ws";
import type { PageCredential } from "./connect.ts";

/** What a program has that a page has not: headers of its own. */
export interface ProgramMeans {
  readonly open: (
    endpoint: URL,
    options?: { readonly headers?: Record<string, string>; readonly protocols?: string[] },
  ) => WebSocket;
  readonly post: (url: URL, body: string) => Promise<ProgramAnswer>;
  readonly home: URL;
}

/** An answer to a program's HTTP request. */
export interface ProgramAnswer {
  readonly status: number;
  readonly body: string;
  /** The cookies that it sets, as a `Cookie` header would return them. */
  readonly cookie: string;
}

/**
 * How a program presents the credential on the wire. What a browser does for its page, it does
 * itself. Rejects when it was refused before there was a socket.
 */
export type Present = (
  endpoint: URL,
  credential: PageCredential,
  means: ProgramMeans,
) => WebSocket | Promise<WebSocket>;
