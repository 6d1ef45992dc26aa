import type { PageTrace } from "../model/lab-api.ts";
import type { LeakPlace, Search } from "../model/observation.ts";
import type { LeftBehind } from "./left-behind.ts";
import { findLeak, type Canary } from "./leak-scan.ts";

/** The texts of a place, or why nobody could look there; `otherwise`: what may be missing from them. */
export type Searchable =
  | { readonly texts: readonly string[]; readonly otherwise?: string }
  | { readonly unsearched: string };

/** All that a searched attempt left behind, on every side. */
export interface Remains {
  readonly leftBehind: LeftBehind;
  /** As the page reported them; undefined when it did not. */
  readonly traces: readonly PageTrace[] | undefined;
  readonly console: Searchable;
  readonly proxyLog: Searchable;
}

const onPage = ["socket's url", "document.cookie", "performance entries", "history"] as const;

/**
 * Looks for an attempt's secrets in every place, in the order in which they are shown. `redact` hides
 * the secrets of other attempts in what was found.
 */
export function search(
  canaries: readonly Canary[],
  { leftBehind, traces, console, proxyLog }: Remains,
  redact: (text: string) => string,
): Search[] {
  const { accessLog, referers, handshakeAnswers } = leftBehind;
  const seen = (texts: readonly string[]): Searchable =>
    accessLog.length === 0 ? { unsearched: "no request of this attempt arrived" } : { texts };
  const places: readonly (readonly [LeakPlace, Searchable])[] = [
    ["access log", seen(accessLog)],
    ["proxy's access log", proxyLog],
    [
      "Referer",
      referers.length === 0
        ? { unsearched: "no request with a Referer arrived" }
        : { texts: referers },
    ],
    [
      "answer to the handshake",
      handshakeAnswers.length === 0
        ? { unsearched: "no handshake reached the server" }
        : { texts: handshakeAnswers },
    ],
    ...onPage.map((place) => [place, traced(place, traces)] as const),
    ["console", console],
  ];
  return places.map(([place, searchable]): Search => {
    if (canaries.length === 0) {
      return { place, state: "unsearched", reason: "there was no token to look for" };
    }
    if ("unsearched" in searchable) {
      return { place, state: "unsearched", reason: searchable.unsearched };
    }
    const leak = findLeak(searchable.texts.join("\n"), canaries);
    if (leak === null) {
      const { otherwise: reason } = searchable;
      return reason === undefined
        ? { place, state: "clean" }
        : { place, state: "unsearched", reason };
    }
    return { place, state: "found", encoding: leak.encoding, excerpt: redact(leak.excerpt) };
  });
}

function traced(place: PageTrace["place"], traces: readonly PageTrace[] | undefined): Searchable {
  if (traces === undefined) return { unsearched: "the page did not tell" };
  const texts = traces.filter((trace) => trace.place === place).map(({ text }) => text);
  return texts.length === 0
    ? { unsearched: "there was none where the attempt was made" }
    : { texts };
}
