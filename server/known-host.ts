import { isIP } from "node:net";
import { isUnderOwnDomain } from "./host-names.ts";

/**
 * The host name in a `Host` header if the lab answers to it, without port and brackets. Names that
 * somebody else's DNS could point at this machine are unknown: this is what stops DNS rebinding.
 * An IP address cannot be rebound, RFC 6761 (6.3) keeps every name under `localhost` local, and the
 * lab's own domains belong to nobody (RFC 2606, 3).
 */
export function knownHost(header: string | undefined): string | undefined {
  const hostname = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/iu
    .exec(header ?? "")
    ?.groups?.["name"]?.toLowerCase();
  if (hostname === undefined) return undefined;
  const known =
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    isUnderOwnDomain(hostname) ||
    isIP(hostname.replace(/^\[(?<inner>.*)\]$/u, "$<inner>")) !== 0;
  // An IPv4 address in brackets, for one, is known and still no host.
  return known && URL.canParse(`http://${hostname}`) ? hostname : undefined;
}
