import type { AttemptTask, PageTrace } from "../model/lab-api.ts";
import type { ChannelSocket } from "../techniques/connect.ts";

const maxCharacters = 20_000;
const patienceMs = 2_000;

/**
 * What a script of this page can read once the connection is over, for the lab to look for the token
 * in. Then makes one request to each of the two servers, who look at its `Referer`. Never rejects.
 */
export async function searchHere(
  { endpoint, home }: AttemptTask,
  sockets: readonly ChannelSocket[],
): Promise<readonly PageTrace[]> {
  const urls = sockets.flatMap((socket) =>
    "url" in socket && typeof socket.url === "string" ? [socket.url] : [],
  );
  const traces: PageTrace[] = [];
  const note = (place: PageTrace["place"], ...texts: readonly string[]): void => {
    if (texts.length > 0) traces.push({ place, text: texts.join("\n").slice(0, maxCharacters) });
  };
  note("socket's url", ...urls);
  note(
    "performance entries",
    performance
      .getEntries()
      .map(({ name }) => name)
      .join("\n"),
  );
  if (typeof document !== "undefined") {
    note("document.cookie", ...readableCookies());
    note("history", location.href, document.referrer, JSON.stringify(history.state) ?? "");
  }
  // The lab has heard all that the console showed of this attempt once it hears this.
  console.debug(`The attempt ${new URL(endpoint).searchParams.get("attempt")} is over.`);
  await Promise.all([
    leaveReferer(refererUrl(home), "same-origin"),
    leaveReferer(refererUrl(endpoint.replace(/^ws/u, "http")), "no-cors"),
  ]);
  return traces;
}

function readableCookies(): readonly string[] {
  try {
    return [document.cookie];
  } catch {
    // A sandboxed window has none.
    return [];
  }
}

function refererUrl(base: string): URL {
  const url = new URL(base);
  url.pathname += "referer";
  return url;
}

async function leaveReferer(url: URL, mode: RequestMode): Promise<void> {
  try {
    await fetch(url, { mode, signal: AbortSignal.timeout(patienceMs) });
  } catch {
    // What matters is what the server saw, if anything.
  }
}
