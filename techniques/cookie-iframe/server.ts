import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import type { RouteContext, Technique } from "../technique.ts";

type Attributes = Pick<SetCookie, "sameSite" | "secure" | "partitioned">;
type Page = ReturnType<RouteContext["page"]>;

/** Reads the token from a cookie, which a page on this very origin has set; see frame.ts. */
function throughIframe(
  id: string,
  title: string,
  attributesFor: (page: Page) => Attributes,
): Technique {
  return {
    id,
    folder: "cookie-iframe",
    title,
    via: "cookie",
    cookie: id,
    stage: "handshake",
    checksOrigin: true,
    readCredential({ headers }) {
      const token = parseCookie(headers.cookie ?? "")[id];
      return token === undefined || token === "" ? undefined : { token };
    },
    routes(router, { page, file, announceCookie }) {
      router.use((request, response, next) => {
        // Nobody else may frame the page that sets the cookie.
        const ancestors = `frame-ancestors ${page(request).origin}`;
        response.set("Content-Security-Policy", `script-src 'self'; ${ancestors}`);
        next();
      });
      router.get("/frame.html", file("frame.html"));
      router.get("/frame.ts", file("frame.ts"));
      router.get("/page.json", (request, response) => {
        const embedder = page(request);
        const attributes = attributesText(attributesFor(embedder));
        announceCookie(request, `Path=/; ${attributes}`);
        response.json({ origin: embedder.origin, cookie: id, attributes });
      });
    },
  };
}

/** Strict where it can be. A page of another site needs None, which browsers take with Secure only (RFC 6265bis). */
function byPlace({ sameSite }: Page): Attributes {
  return sameSite ? { sameSite: "strict" } : { sameSite: "none", secure: true };
}

function variant(name: string, attributes: Attributes): Technique {
  const title = `Cookie through an iframe, ${attributesText(attributes)}`;
  return throughIframe(`cookie-iframe-${name}`, title, () => attributes);
}

/** `SameSite=None; Secure` */
function attributesText(attributes: Attributes): string {
  const text = stringifySetCookie({ name: "name", value: "", ...attributes });
  return text.replace(/^[^;]*; /u, "");
}

export const cookieIframe: Technique = throughIframe(
  "cookie-iframe",
  "Cookie through an iframe",
  byPlace,
);
export const cookieIframeStrict: Technique = variant("strict", { sameSite: "strict" });
export const cookieIframeLax: Technique = variant("lax", { sameSite: "lax" });
export const cookieIframeNone: Technique = variant("none", { sameSite: "none", secure: true });
export const cookieIframePartitioned: Technique = variant("partitioned", {
  sameSite: "none",
  secure: true,
  partitioned: true,
});
