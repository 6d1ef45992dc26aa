import type { Request } from "express";

/** The origin that the browser of this request takes the lab for: `http://localhost:8000`. */
export function ownOrigin(request: Request): string {
  // A proxy may pass on whatever its client says of the protocol.
  return `${request.secure ? "https" : "http"}://${request.headers.host}`;
}

/** Its host, without port, of a request whose `Host` the lab answers to. */
export function hostnameOf(request: Request): string {
  return new URL(ownOrigin(request)).hostname;
}
