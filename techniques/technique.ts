import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Request, RequestHandler, Router } from "express";
import type { WebSocket } from "ws";

/**
 * What a client handed over: a token, or the public id of one, with the technique's word on whether
 * the client proved to hold it. `user` is set by techniques that send a name next to it.
 */
export type Credential = { readonly user?: string } & (
  | { readonly token: string }
  | { readonly id: string; readonly proven: boolean }
);

/** Where a credential can be in a handshake. */
export interface CredentialInput {
  /** The request's URL, absolute; only its path and query come from the client. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** What the client showed when TLS asked it for a certificate; absent when it showed none. */
  readonly certificate?: ShownCertificate;
}

/** A client's certificate. That the client holds its key, TLS has seen to (RFC 8446, 4.4.3). */
export interface ShownCertificate {
  /** The common name of its subject. */
  readonly commonName: string;
  /** Whether it is of the authority that was asked for, and has not run out. */
  readonly authorized: boolean;
}

/** The answer to a credential. */
export type Admission =
  | { readonly accepted: true; readonly user: string }
  | { readonly accepted: false; readonly refusal: string };

/** How texts are said on a connection, for techniques that wrap them in a protocol of their own. */
export interface Talk {
  send(text: string): void;
  /** Calls back with what the client says from now on; `null` stands for what is no text. */
  receive(listener: (text: string | null) => void): void;
  /** Ends the connection with a close code (RFC 6455, 7.4), and says so in the protocol's own words, if it has any. */
  close(code: number, reason?: string): void;
}

/** A connection that is open, and whose client has yet to say who it is. */
export interface UnauthenticatedConnection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** The secret behind a token's public id, to check a proof with; undefined when there is no such token. */
  readonly secretOf: (id: string) => string | undefined;
  /**
   * Judges a credential and records that; undefined: none came. The first judgement ends the wait for
   * one: a client that lets the deadline pass is refused with close code 1008. With the last one that was
   * good the connection ends: when that is revoked or runs out, it is closed with 4401.
   */
  readonly judge: (credential: Credential | undefined) => Promise<Admission>;
  /** Judges, and then converses with the user or closes with 1008 and the reason. */
  readonly admit: (credential: Credential | undefined) => Promise<void>;
  /** Records that something else than a credential came, and closes with 1008. */
  readonly refuse: (reason: string) => void;
  /** Greets a user who was let in; the lab's conversation, by default in plain text messages. */
  readonly converse: (user: string, talk?: Talk) => void;
}

/** What an exchange gave for a token: another secret that stands for it, and its public id; or why not. */
export type Exchange =
  | { readonly accepted: true; readonly secret: string; readonly id: string }
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
  ) => Promise<Exchange>;
  /**
   * Logs out: the session that came with this request, and the token that it was traded for, are refused
   * from now on. Other origins' pages are refused: they could log the user out.
   */
  readonly revoke: (
    request: Request,
    credential: Credential | undefined,
  ) => { readonly status: 204 | 401 | 403; readonly refusal: string | null };
  /**
   * Has evidence say what the cookie is like that a script sets because of the answer to this request,
   * as it does of `Set-Cookie` by itself: "SameSite=Lax; Secure", and neither name nor value.
   */
  readonly announceCookie: (request: Request, attributes: string) => void;
  /** Serves a file of the technique's folder to browsers, TypeScript with its types blanked out. */
  readonly file: (name: string) => RequestHandler;
}

/** How a credential travels: the server half. */
export type Technique = HandshakeTechnique | MessageTechnique;

/** The credential is judged before the connection opens, by what the handshake holds. */
export interface HandshakeTechnique extends TechniqueBase {
  readonly stage: "handshake";
  /** Undefined: none was presented. Must not throw, whatever a client sends. */
  readCredential(input: CredentialInput): Credential | undefined;
}

/** The connection opens for everybody, and the credential comes in messages. */
export interface MessageTechnique extends TechniqueBase {
  readonly stage: "first-message";
  /** Called when a connection has opened, before any message has come. Must not throw. */
  negotiate(connection: UnauthenticatedConnection): void;
}

interface TechniqueBase {
  /** URL segment and row key at once, and the folder's name: "query-parameter". */
  readonly id: string;
  /** The folder's name, where several techniques share one. */
  readonly folder?: string;
  /** The browser half's file, where techniques that share a folder do not share that: "browser-fetch.ts". */
  readonly browser?: string;
  /** As `browser`, for what a program does: "program-raw.ts". */
  readonly program?: string;
  readonly title: string;
  /** Where the credential is found, in words, for evidence: "query parameter". */
  readonly via: string;
  /**
   * Why a placement, a scheme or a scenario has no meaning for this technique, by its name:
   * "cross-site", "ws", "expired". Where nothing is said, it has one.
   */
  readonly leavesOut?: Readonly<Record<string, string>>;
  /** The cookie that holds the credential; absent: none does. */
  readonly cookie?: string;
  /** Whether a page can renew its credential on the open connection; see `Renew`. */
  readonly renews?: boolean;
  /** Whether a page can log out, so that the session that the server made is over; see `LogOut`. */
  readonly logsOut?: boolean;
  /** The npm packages that the browser half imports, from `/libraries/<package>/<file>`. */
  readonly libraries?: readonly string[];
  /** Which of the offered subprotocols the server selects; undefined: none. */
  selectSubprotocol?(offered: ReadonlySet<string>): string | undefined;
  /**
   * Whether browsers' handshakes from other origins than the page's are refused with 403. Programs
   * send no `Origin`: they hold no ambient credentials that another page could make use of.
   */
  readonly checksOrigin?: boolean;
  /**
   * Whether clients are asked for a certificate on the technique's own port over TLS. A browser has
   * to be given it before it starts: the credential is its whole session's.
   */
  readonly asksForCertificate?: boolean;
  /**
   * "frame": the socket is opened, and tokens are exchanged, by the technique's own frame, which is on
   * the server's origin. Then that is the one that is allowed, and the page's is refused.
   */
  readonly opener?: "frame";
  /** The `WWW-Authenticate` header of a refusal, for techniques built on HTTP authentication. */
  readonly challenge?: string;
  /**
   * Extra HTTP below the endpoint's path: a page for an iframe, a login. Linked to relatively. It is
   * there on the page's own origin too, where `Means.home` leads.
   */
  routes?(router: Router, context: RouteContext): void;
  /** The proxy that this technique's server trusts; where there is none in front, it cannot be tried. */
  readonly proxied?: AuthProxy;
}

/** A reverse proxy that asks a route of the technique about every request, and passes on what that approves of. */
export interface AuthProxy {
  /** The route, below the technique's own port: "auth". It answers 2xx, or 401 or 403, which the client gets. */
  readonly auth: string;
  /** The header of its answer that the proxy puts into the request, instead of one that the client sent. */
  readonly header: string;
  /** What clients get for 401: that, or a redirect to `login`, which they may ask for without a session. */
  readonly refusal: 401 | 302;
}
