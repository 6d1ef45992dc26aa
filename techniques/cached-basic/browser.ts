import type { Connect } from "../connect.ts";

/** Has the browser remember the credentials of a request, then connects and presents nothing itself. */
export const connect: Connect = async (endpoint, { user, token }) => {
  const url = new URL(`prime${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url, true, user, token);
    request.withCredentials = true;
    request.addEventListener("load", () => resolve());
    request.addEventListener("error", () => reject(new Error("the priming request failed")));
    request.send();
  });
  return new WebSocket(endpoint);
};
