import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import { text, type Request } from "express";
import type { Technique } from "../technique.ts";

const name = "parent-domain-cookie";
const lifetimeMs = 60_000;
const notASibling = "page and server share a host, so that no parent domain is needed";

/** Reads a cookie that the page's server set for the domain above both hosts; see README.md. */
export const parentDomainCookie: Technique = {
  id: "parent-domain-cookie",
  title: "Parent-domain cookie",
  via: "cookie",
  cookie: name,
  stage: "handshake",
  leavesOut: {
    "same-origin": notASibling,
    "same-host": notASibling,
    "cross-site": "no cookie can be set for two registrable domains",
  },
  checksOrigin: true,
  readCredential({ headers }) {
    const token = parseCookie(headers.cookie ?? "")[name];
    return token === undefined || token === "" ? undefined : { token };
  },
  logsOut: true,
  routes(router, { exchange, revoke }) {
    router.post("/login", text(), async (request, response) => {
      const token = typeof request.body === "string" ? request.body : "";
      const session = await exchange(request, { token }, { lifetimeMs, singleUse: false });
      if (!session.accepted) {
        return response.status(session.status).type("text/plain").send(`${session.refusal}\n`);
      }
      const cookie = stringifySetCookie({ value: session.secret, ...ours(request) });
      return response.set("Set-Cookie", cookie).status(204).end();
    });
    router.post("/logout", (request, response) => {
      const token = parseCookie(request.headers.cookie ?? "")[name] ?? "";
      const { status, refusal } = revoke(request, { token });
      if (refusal !== null) return response.status(status).type("text/plain").send(`${refusal}\n`);
      const gone = stringifySetCookie({ value: "", ...ours(request), maxAge: 0 });
      return response.set("Set-Cookie", gone).status(204).end();
    });
  },
};

/** What tells this cookie from others: it takes the same to replace it. */
function ours({ headers, secure }: Request): Omit<SetCookie, "value"> {
  // "www.shop.example.com" and "ws.shop.example.com" share "shop.example.com". Where a host has no
  // parent (localhost, an address) the cookie is its own.
  const domain = /^[^.:[]+\.(?<name>[a-z0-9.-]+\.[a-z]+)(?::\d+)?$/u.exec(headers.host ?? "")
    ?.groups?.["name"];
  const attributes = { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
  return { name, ...attributes, ...(domain !== undefined && { domain }) };
}
