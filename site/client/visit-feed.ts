import type { PackedTrial, SiteRun } from "../data.ts";

/** What is done with what the lab tells of visits. */
export interface VisitHandlers {
  /** A visit, with the trials that it has made so far; one whose key is known already replaces that. */
  onRun(run: SiteRun): void;
  /** A trial of a visit has ended. One that is known already may come again. */
  onTrial(key: string, trial: PackedTrial): void;
  /** A visit is over. `endedAt`: ISO 8601 in UTC. */
  onEnd(key: string, endedAt: string): void;
}

/** The address of the stream, on every host of a lab. */
const feedAddress = "/api/visits/events";

const retryAfterMs = 5_000;

/**
 * Listens to the lab for visits: first to all that it knows, then to what happens. Only a page that
 * a lab serves may call it. Returns what ends it.
 */
export function openVisitFeed(handlers: VisitHandlers): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const open = (): void => {
    close();
    const opened = new EventSource(feedAddress);
    source = opened;
    opened.addEventListener("run", ({ data }) => {
      const run: SiteRun = JSON.parse(data);
      handlers.onRun(run);
    });
    opened.addEventListener("trial", ({ data }) => {
      const { key, trial }: { key: string; trial: PackedTrial } = JSON.parse(data);
      handlers.onTrial(key, trial);
    });
    opened.addEventListener("end", ({ data }) => {
      const { key, endedAt }: { key: string; endedAt: string } = JSON.parse(data);
      handlers.onEnd(key, endedAt);
    });
    // After a break it connects again by itself, and after an answer that is no stream it does not
    // (https://html.spec.whatwg.org/multipage/server-sent-events.html#fail-the-connection).
    opened.addEventListener("error", () => {
      if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
      retry = setTimeout(open, retryAfterMs);
    });
  };
  // Over HTTP/1.1 a browser keeps six connections to a host, and each stream holds one: a page in a
  // hidden tab goes without (https://developer.mozilla.org/en-US/docs/Web/API/EventSource).
  const follow = (): void => {
    if (document.visibilityState === "hidden") close();
    else if (source === null) open();
  };
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}
