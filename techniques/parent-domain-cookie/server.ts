import { parseCookie, stringifySetCookie } from "cookie";
import { text } from "express";
import type { Technique } from "../technique.ts";

const name = "parent-domain-cookie";
const lifetimeMs = 60_000;
const notASibling = "page and server share a host, so that no parent domain is needed";

/** Reads a cookie that the page's server set for the domain above both hosts; see README.md. */
export const parentDomainCookie: Technique = {
  id: "parent-domain-cookie",
  title: "Parent-domain cookie",
  via: "cookie",
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
  routes(router, { exchange }) {
    router.post("/login", text(), async (request, response) => {
      // "www.shop.example.com" and "ws.shop.example.com" share "shop.example.com". Where a host has no
      // parent (localhost, an address) the cookie is its own.
      const domain = /^[^.:[]+\.(?<name>[a-z0-9.-]+\.[a-z]+)(?::\d+)?$/u.exec(
        request.headers.host ?? "",
      )?.groups?.["name"];
      const token = typeof request.body === "string" ? request.body : "";
      const session = await exchange(request, { token }, { lifetimeMs, singleUse: false });
      if (!session.accepted) {
        return response.status(session.status).type("text/plain").send(`${session.refusal}\n`);
      }
      const cookie = stringifySetCookie({
        name,
        value: session.secret,
        ...(domain !== undefined && { domain }),
        path: "/",
        httpOnly: true,
        sameSite: "strict",
        secure: request.secure,
      });
      return response.set("Set-Cookie", cookie).status(204).end();
    });
  },
};
