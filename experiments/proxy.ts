import type { Certificates } from "../server/certificates.ts";
import type { Lab } from "../server/lab.ts";
import type { Technique } from "../techniques/technique.ts";
import { findNginx, startNginx, type FoundNginx, type Nginx } from "./nginx.ts";

/** A proxy that stands in front of servers of a lab, or why there is none. */
export type ProxyInFront = AsyncDisposable &
  ((Nginx & { readonly state: "here" }) | Extract<FoundNginx, { state: "absent" }>);

/** What a proxy is put in front of, and how. */
export interface Guarded {
  /** Servers of the lab, by name. */
  readonly servers: readonly string[];
  /** Those among them that everybody is led through it to; the others are for searched attempts. Absent: all. */
  readonly announced?: readonly string[];
  /** All that the lab serves; those among them that are `proxied` get the proxy that they ask for. */
  readonly techniques: readonly Pick<Technique, "id" | "proxied">[];
  /** Null: no TLS. */
  readonly certificates: Pick<Certificates, "fallback"> | null;
}

/**
 * Starts nginx in front of some servers of a lab. The addresses of those that are announced lead to it
 * from then on, and of the others what searched attempts are handed.
 */
export async function putProxyBefore(
  lab: Lab,
  { servers, announced = servers, techniques, certificates }: Guarded,
): Promise<ProxyInFront> {
  const absent = (reason: string): ProxyInFront => {
    lab.lendProxy({ absent: reason });
    return { state: "absent", reason, async [Symbol.asyncDispose]() {} };
  };
  const found = await findNginx();
  if (found.state === "absent") return absent(found.reason);
  const behind = [...lab.ports].filter(([name]) => servers.includes(name));
  let nginx: Nginx;
  try {
    nginx = await startNginx(found.path, {
      servers: new Map(behind.map(([name, { ws }]) => [name, ws])),
      guarded: new Map(
        techniques.flatMap(({ id, proxied }) => (proxied === undefined ? [] : [[id, proxied]])),
      ),
      certificate: certificates?.fallback ?? null,
    });
  } catch (error) {
    return absent(`nginx did not start: ${error instanceof Error ? error.message : String(error)}`);
  }
  const chosen = [...nginx.ports].filter(([name]) => announced.includes(name));
  lab.announce(new Map([...lab.ports, ...chosen]));
  lab.lendProxy(nginx);
  return { ...nginx, state: "here" };
}
