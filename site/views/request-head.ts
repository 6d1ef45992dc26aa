import type { Evidence } from "../../model/observation.ts";

/** A request as a server saw it. */
export type RequestEntry = Extract<Evidence, { readonly type: "request" }>;

/** The part of a request line between method and version: "/auth?attempt=4f"; undefined when there is no head. */
export function targetOf({ head }: Pick<RequestEntry, "head">): string | undefined {
  return head?.[0]?.split(" ")[1];
}

/** The value of a header field by its name in lower case; undefined when it did not come, or nobody wrote it down. */
export function fieldOf({ head }: Pick<RequestEntry, "head">, name: string): string | undefined {
  const line = head?.slice(1).find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** "example.com:8080" of "https://example.com:8080/path"; undefined for what is no URL with a host: "null". */
export function hostOf(url: string | null | undefined): string | undefined {
  const host = URL.parse(url ?? "")?.host;
  return host === "" ? undefined : host;
}
