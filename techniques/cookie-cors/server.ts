import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import { text } from "express";
import type { Technique } from "../technique.ts";

const lifetimeMs = 60_000;

/** Reads a cookie that the WebSocket's own origin set when the page asked it to, across origins; see README.md. */
function cookieCors(variant: string, attributes: Omit<SetCookie, "name" | "value">): Technique {
  const id = `cookie-cors-${variant}`;
  const attributesText = stringifySetCookie({ name: id, value: "", ...attributes }).replace(
    /^[^;]*; /u,
    "",
  );
  return {
    id,
    folder: "cookie-cors",
    title: `Cookie through CORS, ${attributesText}`,
    via: "cookie",
    cookie: id,
    stage: "handshake",
    checksOrigin: true,
    readCredential({ headers }) {
      const token = parseCookie(headers.cookie ?? "")[id];
      return token === undefined || token === "" ? undefined : { token };
    },
    logsOut: true,
    routes(router, { page, exchange, revoke }) {
      router.post(["/cookie", "/logout"], (request, response, next) => {
        // One origin, by name: a wildcard is not allowed with credentials (Fetch, 3.3.5).
        response.set({
          "Access-Control-Allow-Origin": page(request).origin,
          "Access-Control-Allow-Credentials": "true",
        });
        next();
      });
      const ours = { name: id, ...attributes, path: "/", httpOnly: true };
      router.post("/cookie", text(), async (request, response) => {
        const token = typeof request.body === "string" ? request.body : "";
        const traded = await exchange(request, { token }, { lifetimeMs, singleUse: false });
        if (!traded.accepted) {
          return response.status(traded.status).type("text/plain").send(`${traded.refusal}\n`);
        }
        const cookie = stringifySetCookie({ ...ours, value: traded.secret });
        return response.set("Set-Cookie", cookie).status(204).end();
      });
      router.post("/logout", (request, response) => {
        const token = parseCookie(request.headers.cookie ?? "")[id] ?? "";
        const { status, refusal } = revoke(request, { token });
        if (refusal !== null) {
          return response.status(status).type("text/plain").send(`${refusal}\n`);
        }
        const gone = stringifySetCookie({ ...ours, value: "", maxAge: 0 });
        return response.set("Set-Cookie", gone).status(204).end();
      });
    },
  };
}

export const cookieCorsStrict: Technique = cookieCors("strict", { sameSite: "strict" });
export const cookieCorsLax: Technique = cookieCors("lax", { sameSite: "lax" });
export const cookieCorsNone: Technique = cookieCors("none", { sameSite: "none", secure: true });
export const cookieCorsPartitioned: Technique = cookieCors("partitioned", {
  sameSite: "none",
  secure: true,
  partitioned: true,
});
