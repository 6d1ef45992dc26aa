import type { Attempt, Evidence, PageEvent, Serial } from "../../model/observation.ts";
import { type Causes, causesOf } from "./sequence-causes.ts";
import { inPlaces, type Lifeline, routesOf } from "./sequence-lifelines.ts";
import type { RequestEntry } from "./request-head.ts";

/** One thing that happened between lifelines, or on one. Times are milliseconds, each on its end's own clock. */
export type Step =
  | {
      readonly type: "handed-out";
      readonly from: Lifeline;
      readonly to: Lifeline;
      readonly given: Serial;
      readonly renewal: Serial | null;
    }
  /** A request and its answer. */
  | {
      readonly type: "request";
      readonly from: Lifeline;
      readonly to: Lifeline;
      readonly entry: RequestEntry;
    }
  /** A credential that came on the open connection. */
  | {
      readonly type: "credential";
      readonly from: Lifeline;
      readonly to: Lifeline;
      readonly entry: MessageEntry;
    }
  /** What a server found out without a message that is known of: no credential came. */
  | { readonly type: "missed"; readonly on: Lifeline; readonly entry: MessageEntry }
  | {
      readonly type: "said";
      readonly from: Lifeline;
      readonly to: Lifeline;
      readonly event: PageEventOf<"message">;
    }
  | {
      readonly type: "seen";
      readonly on: Lifeline;
      readonly event: Exclude<PageEvent, { readonly type: "message" }>;
    }
  /** The end of a connection that both ends saw alike. */
  | {
      readonly type: "closed";
      readonly from: Lifeline;
      readonly to: Lifeline;
      readonly event: PageEventOf<"close">;
      readonly entry: CloseEntry;
    }
  | { readonly type: "server-closed"; readonly on: Lifeline; readonly entry: CloseEntry }
  /** The credential was stored for another page of the browser to present. */
  | { readonly type: "planted"; readonly on: Lifeline; readonly given: Serial }
  /** Why the page's half stopped although nothing closed. */
  | { readonly type: "stopped"; readonly on: Lifeline; readonly end: "timeout" | "harness-error" };

type MessageEntry = Extract<Evidence, { readonly type: "message" }>;
type CloseEntry = Extract<Evidence, { readonly type: "close" }>;
type PageEventOf<Type extends PageEvent["type"]> = Extract<PageEvent, { readonly type: Type }>;

/** An attempt in the order in which it can have happened. */
export interface Sequence {
  /** Those who take part, from left to right. */
  readonly lifelines: readonly Lifeline[];
  readonly steps: readonly Step[];
  /**
   * Milliseconds to add to the page's times to have them on the servers' clock: the fewest with which
   * nothing that the page saw comes before its cause. Null when that was not needed, for lack of either.
   */
  readonly shiftMs: number | null;
  /** As in `Routes`. */
  readonly socket: "caller" | "frame";
  /** As in `Routes`. */
  readonly shared: "one-origin" | "unrecorded" | null;
  /** Whether a plain request may have been sent by a frame although it is drawn from the page. */
  readonly isUnsure: boolean;
}

/** Joins what both ends saw of an attempt; each of its events and entries is in one step. `isProxied`: a proxy was in front. */
export function sequenceSteps(
  attempt: Attempt,
  { isProxied = false }: { readonly isProxied?: boolean } = {},
): Sequence {
  const { events, evidence, end } = attempt;
  const routes = routesOf(attempt, isProxied);
  const { app, websocket, socket } = routes;
  const causes = causesOf(attempt);
  const shiftMs = shiftOf(attempt, causes);
  // What a frame's socket saw, the page was told by the frame.
  const pair = socket === "caller" ? closePair(attempt) : undefined;
  const steps: Step[] = beforehand(attempt, app);
  for (const { event, entry } of inOrder(attempt, causes, shiftMs, pair)) {
    if (event !== undefined) {
      if (entry?.type === "close" && event.type === "close") {
        steps.push({ type: "closed", from: "caller", to: websocket, event, entry });
      } else if (event.type === "message") {
        steps.push({
          type: "said",
          from: socket === "frame" ? "frame" : websocket,
          to: "caller",
          event,
        });
      } else steps.push({ type: "seen", on: "caller", event });
    } else if (entry?.type === "request") {
      steps.push({ type: "request", ...routes.of(entry), entry });
    } else if (entry?.type === "message") {
      steps.push(
        entry.presented === null
          ? { type: "missed", on: websocket, entry }
          : { type: "credential", from: socket, to: websocket, entry },
      );
    } else if (entry?.type === "close") {
      steps.push({ type: "server-closed", on: websocket, entry });
    }
  }
  if (end === "timeout" || end === "harness-error") {
    steps.push({ type: "stopped", on: "caller", end });
  }
  const isDrawn = events.length > 0 || evidence.length > 0;
  const takePart = steps.flatMap((step) => ("on" in step ? [step.on] : [step.from, step.to]));
  return {
    lifelines: inPlaces(["caller", ...takePart]),
    steps,
    socket,
    shiftMs: isDrawn ? shiftMs : null,
    shared: takePart.includes("servers") ? routes.shared : null,
    isUnsure: attempt.from !== "program" && routes.isUnsure,
  };
}

function beforehand({ present, given, renewedWith, plants, end }: Attempt, app: Lifeline): Step[] {
  // A program that repeats what it heard is handed nothing.
  if (given === null || present === "replayed") return [];
  const steps: Step[] = [
    { type: "handed-out", from: app, to: "caller", given, renewal: renewedWith ?? null },
  ];
  if (plants === true && end === "completed") steps.push({ type: "planted", on: "caller", given });
  return steps;
}

/** The smallest shift of the page's clock with which causes at servers come before their effects in the page. */
function shiftOf({ events, evidence }: Attempt, causes: Causes): number | null {
  if (events.length === 0 || evidence.length === 0) return null;
  const shifts = events.flatMap((event) =>
    (causes.get(event) ?? []).map((cause) => cause.at - event.at),
  );
  return Math.round(Math.max(0, ...shifts) * 10) / 10;
}

interface Happening {
  readonly event?: PageEvent;
  readonly entry?: Evidence;
}

/** Both ends' close with the same code, where there was one socket only: of several, nobody says whose it is. */
function closePair({ events, evidence }: Attempt): Required<Happening> | undefined {
  const event = events.findLast(({ type }) => type === "close");
  if (event?.type !== "close") return undefined;
  const sockets = evidence.filter((one) => one.type === "request" && one.status === 101);
  if (sockets.length > 1) return undefined;
  const entry = evidence.find((one) => one.type === "close" && one.code === event.code);
  return entry === undefined ? undefined : { event, entry };
}

/** Merges the two lists: each keeps its order, nothing comes before what caused it, and otherwise the earlier is first. */
function inOrder(
  { events, evidence }: Attempt,
  causes: Causes,
  shiftMs: number | null,
  pair: Required<Happening> | undefined,
): Happening[] {
  const order: Happening[] = [];
  const done = new Set<PageEvent | Evidence>();
  const isReady = (one: PageEvent | Evidence): boolean =>
    (causes.get(one) ?? []).every((cause) => done.has(cause));
  const add = (happening: Happening): void => {
    order.push(happening);
    if (happening.event !== undefined) done.add(happening.event);
    if (happening.entry !== undefined) done.add(happening.entry);
  };
  for (;;) {
    const event = events.find((one) => !done.has(one));
    const entry = evidence.find((one) => !done.has(one));
    if (event === undefined && entry === undefined) return order;
    if (event === undefined) add({ ...(entry && { entry }) });
    else if (entry === undefined) add({ event });
    else if (event === pair?.event && entry === pair.entry) add(pair);
    else if (entry === pair?.entry) add({ event });
    else if (event === pair?.event) add({ entry });
    else {
      const isPagesTurn =
        isReady(event) && (!isReady(entry) || event.at + (shiftMs ?? 0) < entry.at);
      add(isPagesTurn ? { event } : { entry });
    }
  }
}
