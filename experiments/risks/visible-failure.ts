import type { Attempt, PageEvent } from "../../model/observation.ts";

/** What a page is left with when a connection fails. */
export interface VisibleFailure {
  /** In the order in which it was seen: "error, close 1006", "open, close 4401 token expired". */
  readonly saw: string;
  /** How long that took, by order of magnitude: "about 10 ms"; null: the page gave up before it ended. */
  readonly took: string | null;
}

/** Whether two failures look different to a page, and what differs, in words. */
export interface Comparison {
  readonly apart: boolean;
  /** "opened against never opened; close 4401 against close 1006"; or what both look like. */
  readonly difference: string;
}

type Seen = Pick<Attempt, "events" | "end">;

/** What the page could observe of an attempt, and how soon. */
export function visibleFailure({ events, end }: Seen): VisibleFailure {
  const texts = events.map(eventText);
  const isOver = end !== "timeout";
  const saw = [...texts, ...(isOver ? [] : ["no end"])].join(", ");
  return { saw: saw || "nothing", took: isOver ? magnitude(events.at(-1)?.at ?? 0) : null };
}

/** Compares what a page could act on: codes, reasons and the like. Not time, which a busy network changes too. */
export function tellsApart(a: Seen, b: Seen): Comparison {
  const [ofA, ofB] = [signsOf(a), signsOf(b)];
  const differences = ofA.flatMap((sign, index) => {
    const other = ofB[index] ?? "";
    return sign === other ? [] : [`${sign} against ${other}`];
  });
  const apart = differences.length > 0;
  return {
    apart,
    difference: apart ? differences.join("; ") : `both show ${visibleFailure(a).saw}`,
  };
}

/** What tells failures apart, kind by kind, in the same order for every attempt. */
function signsOf({ events }: Seen): readonly string[] {
  const close = events.find((event) => event.type === "close");
  const refusal = events.find((event) => event.type === "refusal");
  const exception = events.find((event) => event.type === "exception");
  const has = (type: PageEvent["type"]): boolean => events.some((event) => event.type === type);
  return [
    has("open") ? "opened" : "never opened",
    refusal === undefined ? "no refusal" : comparable(eventText(refusal)),
    close === undefined ? "no close" : `close ${close.code}`,
    close === undefined || close.reason === ""
      ? "no reason"
      : `reason "${comparable(close.reason)}"`,
    close?.wasClean === true ? "clean" : "not clean",
    exception === undefined ? "no exception" : comparable(eventText(exception)),
  ];
}

/** Without what is different in every attempt: its address, and the names of its tokens. */
function comparable(text: string): string {
  return text.replaceAll(/\b(?:ws|http)s?:\/\/[^\s'"]+/gu, "an address").replaceAll(/#\d+/gu, "#");
}

/** What a page saw, without what the server said in a message. */
export function eventText(event: PageEvent): string {
  switch (event.type) {
    case "open":
    case "message":
    case "error":
      return event.type;
    case "refusal":
      return `refusal ${event.code}: ${event.reason}`;
    case "close":
      return event.reason === "" ? `close ${event.code}` : `close ${event.code} ${event.reason}`;
    case "exception":
      return `${event.name}: ${event.message}`;
  }
}

/** A time by its order of magnitude, so that it reads the same in every run: "about 10 ms". */
export function magnitude(ms: number): string {
  if (ms < 0.5) return "under 1 ms";
  const rounded = 10 ** Math.max(0, Math.round(Math.log10(ms)));
  return rounded < 1_000 ? `about ${rounded} ms` : `about ${rounded / 1_000} s`;
}
