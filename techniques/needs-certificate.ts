import type { Technique } from "./technique.ts";

/** Why a technique cannot be tried by a visitor's browser as it comes; null: it can. */
export function needsCertificate({
  asksForCertificate,
}: Pick<Technique, "asksForCertificate">): string | null {
  if (asksForCertificate !== true) return null;
  return "the browser has to be given a certificate before it starts, and only the experiments do that";
}
