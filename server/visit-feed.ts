import type { RequestHandler, Response } from "express";
import { deviceOf } from "./addresses.ts";
import type { Laboratory } from "./app.ts";
import { visitKey, type Visits } from "./visits.ts";
import type { Walk } from "./walks.ts";

/** Proxies cut streams that are silent for a minute, and a stream whose browser is gone is noticed when it is written to. */
const heartbeatMs = 15_000;

const maxStreams = 100;

/** Of one other device, so that others find room too. */
const maxStreamsPerDevice = 20;

/** What browsers have not read yet, in bytes: one that is that late starts over when it comes back. */
const maxBehind = 16 * 1_024 * 1_024;
const maxBehindOfAll = 64 * 1_024 * 1_024;

/** A page that listens. */
interface Stream {
  readonly device: string | null;
  /** What it had not read at the last heartbeat, and what was written since, as `writableLength` counts. */
  unread: number;
  written: number;
}

/**
 * Tells of visits in server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * `run` for each that is known, with its trials so far, and whenever more is known of its browser;
 * `trial`; and `end`. Streams end with their connections, and with browsers that do not read: that are
 * far behind, or read nothing of what they had not read from one heartbeat to the next.
 */
export function createVisitFeed(
  visits: Visits,
  { visitRun, visitTrial }: Pick<Laboratory, "visitRun" | "visitTrial">,
  everyMs: number = heartbeatMs,
): RequestHandler {
  const streams = new Map<Response, Stream>();
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  const write = (response: Response, text: string): void => {
    const isBehind = response.writableLength > 0;
    const isTooMuch =
      response.writableLength > maxBehind || (isBehind && behind(streams.keys()) > maxBehindOfAll);
    if (isTooMuch) {
      response.destroy();
      return;
    }
    const before = response.writableLength;
    response.write(text);
    const stream = streams.get(response);
    if (stream !== undefined) stream.written += response.writableLength - before;
  };
  const broadcast = (text: () => string): void => {
    if (streams.size === 0) return;
    const said = text();
    for (const response of streams.keys()) write(response, said);
  };
  const beat = (): void => {
    for (const [response, stream] of streams) {
      const left = response.writableLength - stream.written;
      // Whoever reads slowly may never have read all.
      if (stream.unread > 0 && left >= stream.unread) response.destroy();
      stream.unread = response.writableLength;
      stream.written = 0;
    }
    broadcast(() => ":\n\n");
  };
  const runOf = (walk: Walk): string => event("run", visitRun(walk));

  visits.on("visit", (walk) => broadcast(() => runOf(walk)));
  visits.on("end", (walk) => broadcast(() => endOf(walk)));
  visits.on("trial", (walk, index) => {
    const observed = walk.observed.get(index);
    const trial = observed && visitTrial(observed);
    if (trial) broadcast(() => event("trial", { key: visitKey(walk), trial }));
  });

  return ({ socket }, response) => {
    const device = deviceOf(socket);
    const own = device === null ? [] : [...streams.values()].filter((one) => one.device === device);
    if (streams.size >= maxStreams || own.length >= maxStreamsPerDevice) {
      response.status(503).type("text/plain").send("too many pages listen already\n");
      return;
    }
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.flushHeaders();
    const stream: Stream = { device, unread: 0, written: 0 };
    streams.set(response, stream);
    heartbeat ??= setInterval(beat, everyMs).unref();
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

function behind(streams: Iterable<Response>): number {
  let bytes = 0;
  for (const { writableLength } of streams) bytes += writableLength;
  return bytes;
}

function endOf(walk: Walk): string {
  return event("end", { key: visitKey(walk), endedAt: walk.endedAt?.toISOString() });
}

/** JSON has no line breaks of its own, which would end a field. */
function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
