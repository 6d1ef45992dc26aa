import type { PageCredential } from "../../techniques/connect.ts";
import type { ProgramCertificate } from "../../techniques/program.ts";

/** Who everybody is, on every server. */
export const user = "alice";

/** What a round of connections is opened to, and how. */
export interface LoadCase {
  /** The technique whose program presents the credential; null: nothing is presented. */
  readonly technique: string | null;
  readonly endpoint: string;
  /** Where the connections are made instead, to a server that says the same; null: at the endpoint. */
  readonly standIn: string | null;
  /** The page that a browser would open it from; null: the WebSocket server's own. */
  readonly origin: string | null;
  /** Who vouches for a TLS server, in PEM; null for servers without TLS. */
  readonly authority: string | null;
  readonly certificate: ProgramCertificate;
  /** One for every connection of the round; where nothing is presented, that many are opened all the same. */
  readonly credentials: readonly (PageCredential & {
    /** Where this one is to be opened; absent: at the case's own endpoint. */
    readonly endpoint?: string;
  })[];
}

/** Whether a connection ended as it should: with 1000, or as Socket.IO's own server ends it, which names no code (RFC 6455, 7.1.5). */
export function endedWell(code: number): boolean {
  return code === 1000 || code === 1005;
}

/** What was measured in a round. */
export interface LoadRound {
  readonly elapsedMs: number;
  readonly connections: number;
  /** Of the client's own process. */
  readonly processorMs: number;
  /** Of the client's event loop: 1 is busy all the time. */
  readonly utilization: number;
  /** Of the round's first connection. */
  readonly dialogue: Dialogue;
}

/** The messages of one connection, by both sides. */
export interface Dialogue {
  /** How many messages the client sent. */
  readonly questions: number;
  readonly answers: readonly {
    /** In base64. */
    readonly data: string;
    readonly isBinary: boolean;
    /** How many messages the client had sent before this came. */
    readonly after: number;
  }[];
}

/** What the client does. */
export interface LoadTasks {
  /** Gets connections ready, and tells how many. */
  prepare(load: LoadCase): Promise<number>;
  /** Makes the connections that were prepared, so many at a time. */
  run(concurrency: number): Promise<LoadRound>;
}
