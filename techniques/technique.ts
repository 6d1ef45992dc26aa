import type { IncomingHttpHeaders } from "node:http";
import type { Request, RequestHandler, Router } from "express";
import type { Placement } from "../model/trial.ts";

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

/** What an exchange gave for a token: another secret that stands for it, or why not. */
export type Exchange =
  | { readonly accepted: true; readonly secret: string }
  | {
      readonly accepted: false;
      /** 401: the token is no good; 403: the request comes from another origin than the page's. */
      readonly status: 401 | 403;
      readonly refusal: string;
    };

/** What the technique's own HTTP routes may ask of the lab. */
export interface RouteContext {
  /** The page that may talk to the host of this request. */
  readonly page: (request: Pick<Request, "headers" | "secure">) => {
    /** `http://t1.localhost:8000` */
    readonly origin: string;
    /** Whether its host is under the registrable domain of this one: https://html.spec.whatwg.org/#same-site */
    readonly sameSite: boolean;
  };
  /**
   * Trades the token that came with this request for a secret that stands for it: a ticket, a
   * session. A single-use token is spent by that. What was presented is evidence, like a handshake.
   * Other origins' pages are refused: they could log the user in as somebody else.
   */
  readonly exchange: (
    request: Request,
    credential: Credential | undefined,
    terms: { readonly lifetimeMs: number; readonly singleUse: boolean },
  ) => Exchange;
  /** Serves a file of the technique's folder to browsers, TypeScript with its types blanked out. */
  readonly file: (name: string) => RequestHandler;
}

/** How a credential travels: the server half. */
export interface Technique {
  /** URL segment and row key at once, and the folder's name: "query-parameter". */
  readonly id: string;
  /** The folder's name, where several techniques share one. */
  readonly folder?: string;
  readonly title: string;
  /** Where the credential is found, in words, for evidence: "query parameter". */
  readonly via: string;
  /** When the credential is judged: before the connection opens, or by its first message. */
  readonly stage: "handshake" | "first-message";
  /** Why a placement makes no sense for this technique; where nothing is said, it does. */
  readonly leavesOut?: Partial<Readonly<Record<Placement, string>>>;
  /** Undefined: none was presented. Must not throw, whatever a client sends. */
  readCredential(input: CredentialInput): Credential | undefined;
  /** Which of the offered subprotocols the server selects; undefined: none. */
  selectSubprotocol?(offered: ReadonlySet<string>): string | undefined;
  /**
   * Whether browsers' handshakes from other origins than the page's are refused with 403. Programs
   * send no `Origin`: they hold no ambient credentials that another page could make use of.
   */
  readonly checksOrigin?: boolean;
  /** The `WWW-Authenticate` header of a refusal, for techniques built on HTTP authentication. */
  readonly challenge?: string;
  /**
   * Extra HTTP below the endpoint's path: a page for an iframe, a login. Linked to relatively. It is
   * there on the page's own origin too, where `Means.home` leads.
   */
  routes?(router: Router, context: RouteContext): void;
}
