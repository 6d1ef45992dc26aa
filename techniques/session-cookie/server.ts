import { parseCookie, stringifySetCookie } from "cookie";
import { text } from "express";
import type { Technique } from "../technique.ts";

const lifetimeMs = 60_000;
const elsewhere = "the session's cookie belongs to the page's host, and is sent to no other";

/** Reads the page's own session cookie, which the browser adds by itself; see README.md. */
function session(
  id: string,
  title: string,
  { cookie = id, ...others }: Partial<Technique> = {},
): Technique {
  const ours = { name: cookie, path: "/", httpOnly: true, sameSite: "lax" } as const;
  return {
    checksOrigin: true,
    leavesOut: { "same-site": elsewhere, "cross-site": elsewhere },
    ...others,
    id,
    folder: "session-cookie",
    title,
    via: "cookie",
    cookie,
    stage: "handshake",
    readCredential({ headers }) {
      const token = parseCookie(headers.cookie ?? "")[cookie];
      return token === undefined || token === "" ? undefined : { token };
    },
    logsOut: true,
    routes(router, { exchange, revoke }) {
      router.post("/login", text(), async (request, response) => {
        const token = typeof request.body === "string" ? request.body : "";
        const traded = await exchange(request, { token }, { lifetimeMs, singleUse: false });
        if (!traded.accepted) {
          return response.status(traded.status).type("text/plain").send(`${traded.refusal}\n`);
        }
        const header = stringifySetCookie({
          ...ours,
          value: traded.secret,
          secure: request.secure,
        });
        return response.set("Set-Cookie", header).status(204).end();
      });
      router.post("/logout", (request, response) => {
        const token = parseCookie(request.headers.cookie ?? "")[cookie] ?? "";
        const { status, refusal } = revoke(request, { token });
        if (refusal !== null) {
          return response.status(status).type("text/plain").send(`${refusal}\n`);
        }
        const { secure } = request;
        const gone = stringifySetCookie({ ...ours, value: "", secure, maxAge: 0 });
        return response.set("Set-Cookie", gone).status(204).end();
      });
    },
  };
}

/** Browsers add the cookie whoever opens the socket: only `Origin` tells whose page it is. */
export const sessionCookie: Technique = session("session-cookie", "Session cookie");

/** The same without the check: what many servers do, and what pages of other origins make use of. */
export const sessionCookieUnchecked: Technique = session(
  "session-cookie-unchecked",
  "Session cookie, Origin unchecked",
  { checksOrigin: false },
);

/** With a name that browsers take from the host itself only, over https, for all of its paths (RFC 6265bis, 4.1.3.2). */
export const sessionCookieHost: Technique = session(
  "session-cookie-host",
  "Session cookie, __Host- prefix",
  {
    cookie: "__Host-session-cookie",
    leavesOut: {
      "same-site": elsewhere,
      "cross-site": elsewhere,
      ws: "the prefix stands for Secure, which is for https",
    },
  },
);
