import { parseCookie, stringifySetCookie } from "cookie";
import { text } from "express";
import type { Technique } from "../technique.ts";

const lifetimeMs = 60_000;
const elsewhere = "the session's cookie belongs to the page's host, and is sent to no other";

/** Reads the page's own session cookie, which the browser adds by itself; see README.md. */
function session(id: string, title: string, checksOrigin: boolean): Technique {
  return {
    id,
    folder: "session-cookie",
    title,
    via: "cookie",
    stage: "handshake",
    leavesOut: { "same-site": elsewhere, "cross-site": elsewhere },
    checksOrigin,
    readCredential({ headers }) {
      const token = parseCookie(headers.cookie ?? "")[id];
      return token === undefined || token === "" ? undefined : { token };
    },
    routes(router, { exchange }) {
      router.post("/login", text(), async (request, response) => {
        const token = typeof request.body === "string" ? request.body : "";
        const traded = await exchange(request, { token }, { lifetimeMs, singleUse: false });
        if (!traded.accepted) {
          return response.status(traded.status).type("text/plain").send(`${traded.refusal}\n`);
        }
        const cookie = stringifySetCookie({
          name: id,
          value: traded.secret,
          path: "/",
          httpOnly: true,
          sameSite: "lax",
          secure: request.secure,
        });
        return response.set("Set-Cookie", cookie).status(204).end();
      });
    },
  };
}

/** Browsers add the cookie whoever opens the socket: only `Origin` tells whose page it is. */
export const sessionCookie: Technique = session("session-cookie", "Session cookie", true);

/** The same without the check: what many servers do, and what pages of other origins make use of. */
export const sessionCookieUnchecked: Technique = session(
  "session-cookie-unchecked",
  "Session cookie, Origin unchecked",
  false,
);
