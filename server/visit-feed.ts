import type { RequestHandler, Response } from "express";
import type { Laboratory } from "./app.ts";
import { visitKey, type Visits } from "./visits.ts";
import type { Walk } from "./walks.ts";

/** Proxies cut streams that are silent for a minute, and a stream whose browser is gone is noticed when it is written to. */
const heartbeatMs = 15_000;

const maxStreams = 100;

/** What a browser has not read yet, in bytes: one that is that late starts over when it comes back. */
const maxBehind = 16 * 1_024 * 1_024;

/**
 * Tells of visits in server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * `run` for each that is known, with its trials so far, and whenever more is known of its browser;
 * `trial`; and `end`. Streams end with their connections.
 */
export function createVisitFeed(
  visits: Visits,
  { visitRun, visitTrial }: Pick<Laboratory, "visitRun" | "visitTrial">,
): RequestHandler {
  const streams = new Set<Response>();
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  const broadcast = (text: () => string): void => {
    if (streams.size === 0) return;
    const said = text();
    for (const stream of streams) write(stream, said);
  };
  const runOf = (walk: Walk): string => event("run", visitRun(walk));

  visits.on("visit", (walk) => broadcast(() => runOf(walk)));
  visits.on("end", (walk) => broadcast(() => endOf(walk)));
  visits.on("trial", (walk, index) => {
    const observed = walk.observed.get(index);
    const trial = observed && visitTrial(observed);
    if (trial) broadcast(() => event("trial", { key: visitKey(walk), trial }));
  });

  return (_request, response) => {
    if (streams.size >= maxStreams) {
      response.status(503).type("text/plain").send("too many pages listen already\n");
      return;
    }
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.flushHeaders();
    streams.add(response);
    heartbeat ??= setInterval(() => broadcast(() => ":\n\n"), heartbeatMs).unref();
    response.on("close", () => {
      streams.delete(response);
      if (streams.size > 0) return;
      clearInterval(heartbeat);
      heartbeat = undefined;
    });
    // Something at once: some browsers and proxies hold the headers back until there is.
    write(response, ":\n\n");
    for (const walk of visits.all()) {
      write(response, runOf(walk));
      if (walk.endedAt !== null) write(response, endOf(walk));
    }
  };
}

function write(stream: Response, text: string): void {
  if (stream.writableLength > maxBehind) stream.destroy();
  else stream.write(text);
}

function endOf(walk: Walk): string {
  return event("end", { key: visitKey(walk), endedAt: walk.endedAt?.toISOString() });
}

/** JSON has no line breaks of its own, which would end a field. */
function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
