import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";
import { errorCode } from "../model/error-code.ts";

/** Whether nobody but programs on this machine reaches a lab that listens on these addresses. */
export function isLoopbackOnly(hosts: readonly string[]): boolean {
  return hosts.every((host) => isLoopback(host));
}

/** Whether an address, also an IPv4 one as IPv6 sockets show it, is this machine's to itself. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/u.test(shortest(address));
}

/** Whether an address could not be listened on because this machine does not have it: one without IPv6 has no `::1`. */
export function isAbsentAddress(error: unknown): boolean {
  return ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(errorCode(error) ?? "");
}

/** The other device that a connection comes from, by its address; null: it comes from this machine, or a proxy on it, or has ended. */
export function deviceOf({
  remoteAddress = "",
}: {
  readonly remoteAddress?: string | undefined;
}): string | null {
  return remoteAddress === "" || isLoopback(remoteAddress) ? null : remoteAddress;
}

/** The hosts, as URLs have them, by which other devices reach a lab that listens on these addresses. */
export function hostsForOthers(
  hosts: readonly string[],
  interfaces: readonly NetworkInterfaceInfo[] = ownInterfaces(),
): readonly string[] {
  const others = interfaces.filter(({ internal }) => !internal);
  const found = hosts
    .map(shortest)
    .filter((host) => !isLoopback(host))
    .flatMap((host) => {
      if (host === "0.0.0.0") return others.filter(({ family }) => family === "IPv4");
      // A link-local address has a zone, which a URL cannot name (RFC 9844).
      if (host === "::") {
        return others.filter(({ family, scopeid }) => family === "IPv6" && scopeid === 0);
      }
      return [{ address: host }];
    })
    .map(({ address }) => (address.includes(":") ? `[${address}]` : address));
  return [...new Set(found)];
}

/** An IPv6 address as it is usually written (RFC 5952): "::1", not "0:0:0:0:0:0:0:1". */
function shortest(address: string): string {
  // An address that holds an IPv4 one would come back in hexadecimal.
  if (!address.includes(":") || address.includes(".")) return address;
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address;
}

function ownInterfaces(): NetworkInterfaceInfo[] {
  return Object.values(networkInterfaces()).flatMap((one) => one ?? []);
}
