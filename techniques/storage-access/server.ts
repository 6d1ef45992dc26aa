import { parseCookie, stringifySetCookie } from "cookie";
import { text } from "express";
import type { Technique } from "../technique.ts";

const id = "storage-access";
const lifetimeMs = 60_000;
const oneSite = "on one site cookies are first-party: there is no access to ask for";

/** Reads a third-party cookie that the browser gave its own origin's frame access to; see README.md. */
export const storageAccess: Technique = {
  id,
  title: "Cookie through Storage Access",
  via: "cookie",
  cookie: id,
  stage: "handshake",
  leavesOut: {
    "same-origin": oneSite,
    "same-host": oneSite,
    "same-site": oneSite,
    ws: "storage access is given to secure contexts only, and the cookie needs Secure",
    missing: "without a credential there is no frame, and no other origin may open the socket",
  },
  checksOrigin: true,
  opener: "frame",
  readCredential({ headers }) {
    const token = parseCookie(headers.cookie ?? "")[id];
    return token === undefined || token === "" ? undefined : { token };
  },
  routes(router, { page, exchange, file }) {
    router.use((request, response, next) => {
      // Nobody else may frame the page that acts for the user.
      const ancestors = `frame-ancestors ${page(request).origin}`;
      response.set("Content-Security-Policy", `script-src 'self'; ${ancestors}`);
      next();
    });
    router.get("/frame.html", file("frame.html"));
    router.get("/frame.ts", file("frame.ts"));
    router.get("/page.json", (request, response) => {
      response.json({ origin: page(request).origin });
    });
    router.post("/cookie", text(), async (request, response) => {
      const token = typeof request.body === "string" ? request.body : "";
      const traded = await exchange(request, { token }, { lifetimeMs, singleUse: false });
      if (!traded.accepted) {
        return response.status(traded.status).type("text/plain").send(`${traded.refusal}\n`);
      }
      const attributes = { path: "/", httpOnly: true, secure: true, sameSite: "none" } as const;
      response.set(
        "Set-Cookie",
        stringifySetCookie({ name: id, value: traded.secret, ...attributes }),
      );
      return response.status(204).end();
    });
  },
};
