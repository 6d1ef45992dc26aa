import type { ProgramMeans } from "../../techniques/program.ts";
import type { Opening } from "./lean-socket.ts";
import type { LoadCase } from "./load-case.ts";

/** What is said to open a WebSocket: as a browser does, with the origin of its page. */
export function openingOf(
  { origin, authority, standIn }: Pick<LoadCase, "origin" | "authority" | "standIn">,
  endpoint: URL | string,
  { headers = {}, protocols = [], ...certificate }: Parameters<ProgramMeans["open"]>[1] = {},
): Opening {
  const url = new URL(endpoint);
  const own = url.origin.replace(/^ws/u, "http");
  return {
    endpoint: standIn === null ? url : new URL(standIn),
    headers: { Origin: origin ?? own, ...headers },
    protocols,
    certificate,
    authority,
  };
}
