import type { Placement, Scheme } from "../model/trial.ts";

/**
 * Registrable domains under real public suffixes, which nobody else can point at this machine: they are
 * reserved for documentation (RFC 2606, 3). Names under `localhost` cannot show what is same-site,
 * for `localhost` is no public suffix.
 */
const pageDomain = "example.com";
const otherDomain = "example.net";

/** The domains whose names have to reach this machine before a placement can be tried. */
export function domainsOf(placement: Placement): readonly string[] {
  switch (placement) {
    case "same-origin":
    case "same-host":
      return [];
    case "same-site":
      return [pageDomain];
    case "cross-site":
      return [pageDomain, otherDomain];
  }
}

/** Whether a host name is one that a page or a WebSocket server under these domains has. */
export function isUnderOwnDomain(hostname: string): boolean {
  return /^(?:www|ws)\.[a-z0-9.-]+\.example\.(?:com|net)$/u.test(hostname);
}

/** The host of a page: `t1.localhost`, or `www.t1.example.com` where the WebSocket server has another host. */
export function pageHost(label: string, placement: Placement): string {
  return domainsOf(placement).length === 0 ? `${label}.localhost` : `www.${label}.${pageDomain}`;
}

/** The host of the WebSocket servers of a page: `ws.t1.example.net` for `www.t1.example.com`. */
export function socketHost(page: string, placement: Placement): string {
  const label = /^www\.(?<label>.+)\.example\.com$/u.exec(page)?.groups?.["label"];
  if (label === undefined) return page;
  switch (placement) {
    case "same-origin":
    case "same-host":
      return page;
    case "same-site":
      return `ws.${label}.${pageDomain}`;
    case "cross-site":
      return `ws.${label}.${otherDomain}`;
  }
}

/** The host of the page that a WebSocket server's host belongs to, and whether both are one site. */
export function pageOfSocket(host: string): {
  readonly hostname: string;
  readonly sameSite: boolean;
} {
  const { label, domain } =
    /^ws\.(?<label>.+)\.(?<domain>example\.(?:com|net))$/u.exec(host)?.groups ?? {};
  if (label === undefined) return { hostname: host, sameSite: true };
  return { hostname: `www.${label}.${pageDomain}`, sameSite: domain === pageDomain };
}

/** Whether the page is https. */
export function pageIsSecure(scheme: Scheme): boolean {
  return scheme === "wss" || scheme === "https+ws";
}

/** Whether the socket is wss. */
export function socketIsSecure(scheme: Scheme): boolean {
  return scheme === "wss" || scheme === "http+wss";
}
