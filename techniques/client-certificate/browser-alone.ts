import type { Connect } from "../connect.ts";

/** Just connects: whether there is a certificate to be shown is between the browser and the server. */
export const connect: Connect = (endpoint) => new WebSocket(endpoint);
