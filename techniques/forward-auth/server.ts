import { parseCookie, stringifySetCookie } from "cookie";
import { text } from "express";
import type { AuthProxy, Technique } from "../technique.ts";

/** Long enough for the proxy to pass the handshake on. */
const lifetimeMs = 10_000;
const header = "X-Forward-Auth";
const elsewhere = "the session's cookie belongs to the page's host, and is sent to no other";
const tooLarge =
  "nginx refuses a cookie of 8 KB before it asks anybody, unless it is told otherwise";

/** Reads what the proxy in front says in a header, after it asked `/auth` about the browser's cookie; see README.md. */
function behindProxy(id: string, title: string, refusal: AuthProxy["refusal"]): Technique {
  return {
    id,
    folder: "forward-auth",
    title,
    via: "proxy's header",
    stage: "handshake",
    cookie: id,
    proxied: { auth: "auth", header, refusal },
    leavesOut: {
      "same-origin": "the proxy guards a port of its own, and the page's server is not behind it",
      "same-site": elsewhere,
      "cross-site": elsewhere,
      "token-8k": tooLarge,
      "token-16k": tooLarge,
    },
    checksOrigin: true,
    // The cookie is not looked at here: whoever comes around the proxy has no such header to show.
    readCredential({ headers }) {
      const token = headers[header.toLowerCase()];
      return typeof token !== "string" || token === "" ? undefined : { token };
    },
    logsOut: true,
    routes(router, { page, exchange, revoke }) {
      router.get("/auth", async (request, response) => {
        const token = parseCookie(request.headers.cookie ?? "")[id];
        const credential = token === undefined || token === "" ? undefined : { token };
        const traded = await exchange(request, credential, { lifetimeMs, singleUse: true });
        response.set("Cache-Control", "no-store");
        if (traded.accepted) response.set(header, traded.secret).status(204).end();
        else response.status(traded.status).type("text/plain").send(`${traded.refusal}\n`);
      });
      router.get("/login", (_request, response) => {
        response.type("text/plain").send("This is where a person would log in.\n");
      });
      router.post("/login", text(), (request, response) => {
        const { origin = page(request).origin } = request.headers;
        // Any page could otherwise log the user in as somebody else.
        if (origin !== page(request).origin) {
          return response.status(403).type("text/plain").send("origin not allowed\n");
        }
        const cookie = stringifySetCookie({
          name: id,
          value: typeof request.body === "string" ? request.body : "",
          path: "/",
          httpOnly: true,
          sameSite: "lax",
          secure: request.secure,
        });
        return response.set("Set-Cookie", cookie).status(204).end();
      });
      router.post("/logout", (request, response) => {
        const token = parseCookie(request.headers.cookie ?? "")[id] ?? "";
        const ended = revoke(request, { token });
        if (ended.refusal !== null) {
          return response.status(ended.status).type("text/plain").send(`${ended.refusal}\n`);
        }
        const gone = stringifySetCookie({ name: id, value: "", path: "/", maxAge: 0 });
        return response.set("Set-Cookie", gone).status(204).end();
      });
    },
  };
}

/** The proxy answers 401 for a session that is over. */
export const forwardAuth: Technique = behindProxy("forward-auth", "Forward auth", 401);

/** The proxy sends a session that is over to its login page, as it does with pages. */
export const forwardAuthRedirect: Technique = behindProxy(
  "forward-auth-redirect",
  "Forward auth, redirect to a login",
  302,
);
