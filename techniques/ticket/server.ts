import { text } from "express";
import type { Technique } from "../technique.ts";

/** Long enough for a handshake, and too short to be worth stealing. */
const lifetimeMs = 10_000;

/** Reads a ticket from the URL. The page got it for its token a moment ago, and it admits once; see README.md. */
export const ticket: Technique = {
  id: "ticket",
  title: "Single-use ticket",
  via: "ticket",
  stage: "handshake",
  readCredential({ url }) {
    const [token, ...others] = url.searchParams.getAll("ticket");
    return token === undefined || token === "" || others.length > 0 ? undefined : { token };
  },
  routes(router, { exchange }) {
    router.post("/ticket", text(), async (request, response) => {
      const token = typeof request.body === "string" ? request.body : "";
      const traded = await exchange(request, { token }, { lifetimeMs, singleUse: true });
      response.set("Cache-Control", "no-store").type("text/plain");
      if (traded.accepted) response.send(traded.secret);
      else response.status(traded.status).send(`${traded.refusal}\n`);
    });
  },
};
