/** A user name and the secret that was issued for it. */
export interface PageCredential {
  readonly user: string;
  readonly token: string;
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
) => WebSocket | Promise<WebSocket>;
