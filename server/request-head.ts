import { hideSecrets, secretsIn, type Canary } from "./leak-scan.ts";

/** A request's head as it came. Holds secrets: never written down. */
export interface RawHead {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** "1.1" */
  readonly httpVersion: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/** How much of a head becomes evidence: all of it, or what says who asks and with what. */
export type HeadDetail = "whole" | "credentials";

const maxLines = 40;
const maxCharacters = 600;
const whoAsksWithWhat: ReadonlySet<string> = new Set([
  "host",
  "origin",
  "cookie",
  "authorization",
  "sec-websocket-protocol",
  "sec-fetch-dest",
  "sec-fetch-site",
  "sec-fetch-mode",
]);
/** What the lab hands out is no shorter; nor are signatures, keys and sessions of anybody's. */
const likeASecret = /[\w-]{34,}/gu;
const notSecret: ReadonlySet<string> = new Set(["host", "origin"]);

/**
 * The request line and header fields, one a line, with every secret in them hidden. `knownIn`: the
 * secrets that a text holds as they are.
 */
export function headOf(
  { method, target, httpVersion, rawHeaders }: RawHead,
  detail: HeadDetail,
  knownIn: (text: string) => readonly Canary[],
): readonly string[] {
  const hide = (text: string): string => hideSecrets(text, secretsIn(text, knownIn));
  const line = (name: string, value: string): string =>
    `${hide(name).replaceAll(likeASecret, "…")}: ${notSecret.has(name.toLowerCase()) ? hide(value) : withoutOthers(name, hide(value))}`;
  const fields: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    const isKept = detail === "whole" || whoAsksWithWhat.has(name.toLowerCase());
    if (isKept && fields.length < maxLines - 1) fields.push(line(name, readable(value)));
  }
  // The same attempt has another id in every run.
  const asked = detail === "whole" ? target : target.replace(/(?<=[?&]attempt=)[\w-]+/u, "…");
  const requestLine = `${method} ${hide(asked)} HTTP/${httpVersion}`;
  return [requestLine.replaceAll(likeASecret, "…"), ...fields].map(cut);
}

/**
 * Hides what the lab does not know. A browser sends a host's cookies to every port of it (RFC 6265,
 * 8.5), so that those of anything else that somebody runs on `localhost` come here too.
 */
function withoutOthers(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case "cookie":
      return value
        .split(/; */u)
        .map((pair) => (isNamed(pair) ? pair : pair.replace(/(?:(?<==)|^(?!.*=)).*$/su, "…")))
        .join("; ")
        .replaceAll(likeASecret, "…");
    case "authorization":
    case "proxy-authorization":
      return isNamed(value)
        ? value.replaceAll(likeASecret, "…")
        : value.replace(/(?<=^\S+\s).*$|^\S*$/su, "…");
    default:
      return value.replaceAll(likeASecret, "…");
  }
}

function isNamed(text: string): boolean {
  return /‹#\d+›/u.test(text);
}

/** Node reads a field's bytes as ISO 8859-1; most of those that are not ASCII are UTF-8. */
function readable(value: string): string {
  const text = Buffer.from(value, "latin1").toString("utf8");
  return text.includes("\uFFFD") ? value : text;
}

function cut(line: string): string {
  if (line.length <= maxCharacters) return line;
  return `${Array.from(line).slice(0, maxCharacters).join("")}…`;
}
