import { isIP, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { addressIn, isUnderOwnDomain } from "./host-names.ts";

/** Reads a `Host` header: the host name if the lab answers to it, without port and brackets. */
export type KnownHost = (header: string | undefined) => string | undefined;

const maxLasting = 1_000;
const maxLastingLength = 100;

/**
 * Names that somebody else's DNS could point at this machine are unknown: this is what stops DNS
 * rebinding. An IP address cannot be rebound, RFC 6761 (6.3) keeps every name under `localhost` local,
 * and the lab's own domains belong to nobody (RFC 2606, 3).
 */
export const knownHost: KnownHost = createKnownHost(null);

/**
 * As `knownHost`, and knows the names with which a DNS service leads to this machine: below the domain
 * `service`, those that hold one of its addresses, as `t1.192-0-2-7.nip.io` does. They cannot be rebound
 * either: who owns such a name is whoever has the address in it, which cannot be chosen, and with
 * another address in it a name is unknown. That is as good as the word of the service and of the
 * network's DNS, which is why a lab on loopback asks none. `own` says which addresses are this machine's.
 */
export function createKnownHost(
  service: string | null,
  own: () => readonly string[] = ownIPv4Addresses,
): KnownHost {
  /** What was found to be known whatever this machine's addresses are; asked several times for every request. */
  const lasting = new Map<string, string>();
  return (header = "") => {
    const before = lasting.get(header);
    if (before !== undefined) return before;
    const hostname = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/iu
      .exec(header)
      ?.groups?.["name"]?.toLowerCase();
    if (hostname === undefined) return undefined;
    const address = service === null ? null : addressIn(hostname, service);
    const isAlwaysKnown =
      hostname === "localhost" ||
      hostname.endsWith(".localhost") ||
      isUnderOwnDomain(hostname) ||
      isIP(hostname.replace(/^\[(?<inner>.*)\]$/u, "$<inner>")) !== 0;
    if (!isAlwaysKnown && (address === null || !own().includes(address))) return undefined;
    // An IPv4 address in brackets, for one, is known and still no host; nor is there a port 65536.
    if (!URL.canParse(`http://${header}`)) return undefined;
    if (isAlwaysKnown && header.length <= maxLastingLength) {
      lasting.set(header, hostname);
      const [oldest] = lasting.keys();
      if (lasting.size > maxLasting && oldest !== undefined) lasting.delete(oldest);
    }
    return hostname;
  };
}

/** The IPv4 addresses of this machine, as they are now. */
function ownIPv4Addresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((one) => one ?? [])
    .map(({ address }) => address)
    .filter((address) => isIPv4(address));
}
