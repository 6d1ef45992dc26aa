import type { Trial } from "../model/trial.ts";
import type { Technique } from "../techniques/technique.ts";

/**
 * Why a trial cannot be made on a host that other trials and other visitors use too; null: it can. What a
 * browser presents by itself would go from one to the next, and what a server does without for one
 * attempt, a stranger could have it do without there.
 */
export function needsOwnHost(
  { attempts }: Pick<Trial, "attempts">,
  technique: Pick<Technique, "cookie" | "challenge" | "asksForCertificate"> | undefined,
): string | null {
  if (technique?.cookie !== undefined) return "a cookie would be sent in other trials too";
  if (technique?.challenge !== undefined) {
    return "a browser remembers credentials of HTTP authentication, and would present them in other trials too";
  }
  if (technique?.asksForCertificate === true) {
    return "a browser presents its certificate in other trials too";
  }
  if (attempts.some(({ plants }) => plants === true)) {
    return "a cookie that is planted would be sent in other trials too";
  }
  if (attempts.some(({ without }) => without !== undefined)) {
    return "its server does without a protection, which is for a host of its own only";
  }
  if (attempts.some(({ from = "page" }) => from.startsWith("cross-site-"))) {
    return "it needs a page of another site, whose name leads to the lab";
  }
  if (attempts.some(({ from }) => from === "service-worker" || from === "shared-worker")) {
    return "a worker of that kind outlives its trial";
  }
  return null;
}
