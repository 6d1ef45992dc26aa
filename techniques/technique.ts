import type { IncomingHttpHeaders } from "node:http";
import type { Request, RequestHandler, Router } from "express";

/** What a client handed over. `user` is set by techniques that send a name next to the secret. */
export interface Credential {
  readonly token: string;
  readonly user?: string;
}

/** Where a credential can be: the handshake request, or the first message after it. */
export interface CredentialInput {
  /** The request's URL, absolute; only its path and query come from the client. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The first text message; undefined during the handshake. */
  readonly firstMessage?: string;
}

/** What the technique's own HTTP routes may ask of the lab. */
export interface RouteContext {
  /** The origin of the page that may talk to the host of this request: `http://t1.localhost:8000`. */
  readonly pageOrigin: (request: Request) => string;
  /** Serves a file of the technique's folder to browsers, TypeScript with its types blanked out. */
  readonly file: (name: string) => RequestHandler;
}

/** How a credential travels: the server half. */
export interface Technique {
  /** Folder name, URL segment and row key at once: "query-parameter". */
  readonly id: string;
  readonly title: string;
  /** Where the credential is found, in words, for evidence: "query parameter". */
  readonly via: string;
  /** When the credential is judged: before the connection opens, or by its first message. */
  readonly stage: "handshake" | "first-message";
  /** Undefined: none was presented. Must not throw, whatever a client sends. */
  readCredential(input: CredentialInput): Credential | undefined;
  /** The `WWW-Authenticate` header of a refusal, for techniques built on HTTP authentication. */
  readonly challenge?: string;
  /** Extra HTTP below the endpoint's path: a page for an iframe, a login. Linked to relatively. */
  routes?(router: Router, context: RouteContext): void;
}
