import type { WebSocket } from "ws";
import type { ChannelListeners, PageCredential } from "./connect.ts";

/** What a program has that a page has not: headers of its own. */
export interface ProgramMeans {
  /** The technique's id, by which those that share this file differ. */
  readonly technique: string;
  readonly open: (
    endpoint: URL,
    options?: {
      readonly headers?: Record<string, string>;
      readonly protocols?: string[];
    } & ProgramCertificate,
  ) => WebSocket;
  /** Brings back the cookies that an earlier answer to this program has set. */
  readonly post: (url: URL, body: string) => Promise<ProgramAnswer>;
  readonly home: URL;
  /** What the program shows to a server that asks for a certificate; absent: nothing. */
  readonly certificate?: ProgramCertificate;
}

/** A client's certificate and its key, in PEM. */
export interface ProgramCertificate {
  readonly cert?: string;
  readonly key?: string;
}

/** As `Channel` in connect.ts, for a program. */
export interface ProgramChannel {
  readonly socket: WebSocket;
  listen(listeners: ChannelListeners): void;
  send(text: string): void;
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
) => WebSocket | ProgramChannel | Promise<WebSocket | ProgramChannel>;

/** As `ConnectWithout` in connect.ts, for a program. Absent: the endpoint is opened and nothing is said. */
export type PresentWithout = (
  endpoint: URL,
  means: ProgramMeans,
) => WebSocket | ProgramChannel | Promise<WebSocket | ProgramChannel>;

/** As `Renew` in connect.ts, for a program. */
export type RenewAsProgram = (socket: WebSocket, credential: PageCredential) => void;

/** As `LogOut` in connect.ts, for a program, with the means that it presented its credential with. */
export type LogOutAsProgram = (endpoint: URL, means: ProgramMeans) => Promise<void>;
