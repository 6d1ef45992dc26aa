/** A user name and the secret that was issued for it. */
export interface PageCredential {
  readonly user: string;
  readonly token: string;
}

/**
 * The browser half of a technique: presents the credential and hands back the socket before it
 * opens. `endpoint` is where this technique's server is, and may be changed at will;
 * its path ends with a slash, and the technique's own pages are below it.
 * Whatever it throws counts as the browser refusing the technique.
 */
export type Connect = (endpoint: URL, credential: PageCredential) => WebSocket | Promise<WebSocket>;
