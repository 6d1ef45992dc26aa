import { isIPv4 } from "node:net";
import type { Caller, Placement, Scheme } from "../model/trial.ts";

/**
 * Registrable domains under real public suffixes, which nobody else can point at this machine: they are
 * reserved for documentation (RFC 2606, 3). Names under `localhost` cannot show what is same-site,
 * for `localhost` is no public suffix.
 */
const pageDomain = "example.com";
const otherDomain = "example.net";
/** Where pages of somebody else are, who shares no site with page and server. */
const foreignDomain = "example.org";

/** Where the hosts of a walk are. */
export interface WalkHome {
  /** How the visitor came: the host of pages that belong to no trial. */
  readonly hostname: string;
  /** The domain below which every trial has a host of its own; null: all of them share `hostname`. */
  readonly names: string | null;
}

/** Every name under `localhost` is the visitor's own machine (RFC 6761, 6.3). */
export const localHome: WalkHome = { hostname: "localhost", names: "localhost" };

/**
 * Where the hosts are of a walk whose visitor came by this host name. `service`: the domain of a DNS
 * service that reads an address out of a name, as nip.io does; null: none is asked. Null for hosts
 * under our own domains, which browsers only reach that were told how.
 */
export function homeFor(hostname: string, service: string | null): WalkHome | null {
  if (isUnderOwnDomain(hostname)) return null;
  if (/^127\.|^\[::1\]$|(?:^|\.)localhost$/u.test(hostname)) return localHome;
  if (isIPv4(hostname)) return { hostname, names: service && addressDomain(hostname, service) };
  const address = service && addressIn(hostname, service);
  return address
    ? { hostname: address, names: addressDomain(address, service) }
    : { hostname, names: null };
}

/** The domain whose names lead to an IPv4 address, by such a service: "192-0-2-7.nip.io". */
function addressDomain(address: string, service: string): string {
  return `${address.replaceAll(".", "-")}.${service}`;
}

/**
 * The IPv4 address in a name that a walk has below the domain of such a service, or of any; null: none.
 * Nothing but a walk's own labels stands before it, for one that is itself like an address would be
 * read instead: sslip.io takes the first (https://github.com/cunnie/sslip.io).
 */
export function addressIn(hostname: string, service?: string): string | null {
  const name =
    /^(?:t\d+-|www\.)[0-9a-z]{16}\.(?<dashed>\d{1,3}(?:-\d{1,3}){3})\.(?<service>.+)$/u.exec(
      hostname,
    );
  const { dashed = "", service: found } = name?.groups ?? {};
  const address = dashed.replaceAll("-", ".");
  return isIPv4(address) && (service === undefined || service === found) ? address : null;
}

/** Where a caller's page is: the trial's own, or somebody else's relative to the server's host. */
export type Neighbour = "own" | "cross-site" | "sibling" | "other-port";

/** Which top-level page an attempt is made from. */
export function neighbourOf(caller: Caller): Neighbour {
  switch (caller) {
    case "cross-site-page":
    case "cross-site-sandbox":
      return "cross-site";
    case "sibling-page":
      return "sibling";
    case "other-port-page":
      return "other-port";
    case "page":
    case "tab":
    case "restarted":
    case "frame":
    case "sandboxed-frame":
    case "cross-site-frame":
    case "dedicated-worker":
    case "shared-worker":
    case "service-worker":
    case "program":
      return "own";
  }
}

/** The domains whose names have to reach this machine before a trial can be made. */
export function domainsOf({
  placement,
  attempts,
}: {
  readonly placement: Placement;
  readonly attempts: readonly { readonly from?: Caller }[];
}): readonly string[] {
  const own = domainsOfPlacement(placement);
  const isForeign = attempts.some(({ from = "page" }) => from.startsWith("cross-site-"));
  return own.length > 0 && isForeign ? [...own, foreignDomain] : own;
}

function domainsOfPlacement(placement: Placement): readonly string[] {
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

/**
 * The host of somebody else's page, for a trial's page. Each name under `localhost` is a site of its
 * own. Those of a DNS service are one site, for browsers know no public suffix there
 * (https://github.com/exentriquesolutions/nip.io/issues/4), and the address in the name is another.
 */
export function neighbourHost(page: string, placement: Placement, neighbour: Neighbour): string {
  const socket = socketHost(page, placement);
  switch (neighbour) {
    case "own":
      return page;
    case "cross-site": {
      const label = labelOf(page);
      if (label !== undefined) return `www.${label}.${foreignDomain}`;
      if (page.endsWith(".localhost")) return `else-${page}`;
      // Where trials share a host, there is no other: a name that leads nowhere (RFC 6761, 6.4).
      return addressIn(page) ?? "else.invalid";
    }
    case "sibling":
      return socket.replace(/^ws\./u, "sibling.");
    case "other-port":
      return socket;
  }
}

/** The domain that a sibling page shares with the server: what it may set cookies for. */
export function sharedDomain(page: string, placement: Placement): string {
  return socketHost(page, placement).replace(/^ws\./u, "");
}

function labelOf(page: string): string | undefined {
  return /^www\.(?<label>.+)\.example\.com$/u.exec(page)?.groups?.["label"];
}

/** Whether a host name is one that a page or a WebSocket server under these domains has. */
export function isUnderOwnDomain(hostname: string): boolean {
  return /^(?:www|ws|sibling)\.[a-z0-9.-]+\.example\.(?:com|net|org)$/u.test(hostname);
}

/** The host of a page: `t1.localhost`, or `www.t1.example.com` where the WebSocket server has another host. */
export function pageHost(
  label: string,
  placement: Placement,
  { hostname, names }: WalkHome = localHome,
): string {
  if (domainsOfPlacement(placement).length > 0) return `www.${label}.${pageDomain}`;
  return names === null ? hostname : `${label}.${names}`;
}

/** The host of the WebSocket servers of a page: `ws.t1.example.net` for `www.t1.example.com`. */
export function socketHost(page: string, placement: Placement): string {
  const label = labelOf(page);
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
