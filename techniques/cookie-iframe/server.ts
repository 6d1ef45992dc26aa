import { parseCookie } from "cookie";
import type { Technique } from "../technique.ts";

/** Reads the token from a cookie, which a page on this very origin has set; see frame.ts. */
export const cookieIframe: Technique = {
  id: "cookie-iframe",
  title: "Cookie through an iframe",
  via: "cookie",
  stage: "handshake",
  readCredential({ headers }) {
    const { token } = parseCookie(headers.cookie ?? "");
    return token === undefined || token === "" ? undefined : { token };
  },
  routes(router, { page, file }) {
    router.use((request, response, next) => {
      // Nobody else may frame the page that sets the cookie.
      const ancestors = `frame-ancestors ${page(request).origin}`;
      response.set("Content-Security-Policy", `script-src 'self'; ${ancestors}`);
      next();
    });
    router.get("/frame.html", file("frame.html"));
    router.get("/frame.ts", file("frame.ts"));
    router.get("/page.json", (request, response) => {
      response.json(page(request));
    });
  },
};
