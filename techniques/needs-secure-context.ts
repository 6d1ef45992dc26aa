import type { Technique } from "./technique.ts";

// https://w3c.github.io/webcrypto/#crypto-interface
const webCrypto = "it needs WebCrypto, which only secure contexts have";
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#secure
const secureCookie =
  "its cookie needs Secure, which browsers refuse over plain HTTP but on localhost";

const reasons: Readonly<Record<string, string>> = {
  "challenge-response": webCrypto,
  "cookie-cors-none": secureCookie,
  "cookie-cors-partitioned": secureCookie,
  "cookie-iframe-none": secureCookie,
  "cookie-iframe-partitioned": secureCookie,
};

/**
 * Why a technique cannot be tried from a page that is no secure context; null: it can. Over plain HTTP,
 * only pages on this machine's own names and addresses are one
 * (https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy).
 */
export function needsSecureContext({ id }: Pick<Technique, "id">): string | null {
  return reasons[id] ?? null;
}
