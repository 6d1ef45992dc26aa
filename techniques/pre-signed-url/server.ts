import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { text } from "express";
import { z } from "zod";
import { readJson } from "../read-json.ts";
import type { Technique } from "../technique.ts";

/** Shared by whoever signs and whoever verifies; they share nothing else. */
const key = randomBytes(32);
/** Until then the URL admits as often as it is used. */
const lifetimeMs = 10_000;

const wish = z.strictObject({ token: z.string(), address: z.url({ protocol: /^wss?$/u }) });

/** Reads a signature of the URL from the URL, and asks nobody whether it is good; see README.md. */
export const preSignedUrl: Technique = {
  id: "pre-signed-url",
  title: "Pre-signed URL",
  via: "signed URL",
  stage: "handshake",
  readCredential({ url, headers }) {
    const [id, expires, signature] = ["id", "expires", "signature"].map((name) => {
      const [value, ...others] = url.searchParams.getAll(name);
      return others.length > 0 ? undefined : value;
    });
    if (id === undefined || expires === undefined || signature === undefined) return undefined;
    const expected = sign(headers.host ?? "", url.pathname, id, expires);
    const matches =
      /^[0-9a-f]{64}$/u.test(signature) && timingSafeEqual(Buffer.from(signature, "hex"), expected);
    return { id, proven: matches && Date.now() < Number(expires) };
  },
  routes(router, { exchange }) {
    router.post("/sign", text(), async (request, response) => {
      response.set("Cache-Control", "no-store").type("text/plain");
      const wished = readJson(wish, typeof request.body === "string" ? request.body : "");
      if (wished === undefined) return response.status(400).send("no token and address\n");
      // An application asks here whether this user may open this address.
      const { token } = wished;
      const traded = await exchange(request, { token }, { lifetimeMs, singleUse: false });
      if (!traded.accepted) return response.status(traded.status).send(`${traded.refusal}\n`);
      const signed = new URL(wished.address);
      const expires = String(Date.now() + lifetimeMs);
      const signature = sign(signed.host, signed.pathname, traded.id, expires).toString("hex");
      for (const [name, value] of Object.entries({ id: traded.id, expires, signature })) {
        signed.searchParams.set(name, value);
      }
      return response.send(signed.href);
    });
  },
};

/** The signature of what AWS calls the canonical request; the rest of the query is not signed. */
function sign(host: string, path: string, id: string, expires: string): Buffer {
  const canonical = JSON.stringify(["GET", host, path, id, expires]);
  return createHmac("sha256", key).update(canonical).digest();
}
