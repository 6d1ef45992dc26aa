import type { LeakPlace } from "../../model/observation.ts";
import type { Caller, Placement, Scheme, TokenShape } from "../../model/trial.ts";
import { placements, schemes } from "../axes.ts";
import { tokenShapes } from "../scenarios/token-shapes.ts";
import type { ChooserTable } from "./table.ts";

/** What somebody needs of a technique. */
export interface Constraints {
  /** Ids of browsers, all of which it has to work in; empty: all that were measured. */
  readonly browsers: readonly string[];
  readonly placement: Placement;
  readonly scheme: Scheme;
  readonly demands: readonly Demand[];
  /** The package that is in use already; "none": none may be; "any": either is fine. */
  readonly library: string;
  /** What else than an opaque token has to fit. */
  readonly shapes: readonly TokenShape[];
  /** What else than the page's window has to be able to connect. */
  readonly callers: readonly Caller[];
}

/** What must not go wrong. */
export type Demand =
  | "quiet-log"
  | "quiet-proxy-log"
  | "ends-sessions"
  | "without-origin-check"
  | "visible-refusal";

/** A choice of the form: the parameter's value, and what readers see. */
export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly text: string;
}

/** Everything that must not go wrong, in the order in which it is looked at. */
export const demands: readonly Option<Demand>[] = [
  { value: "quiet-log", text: "No usable token may be in the server's access log" },
  { value: "quiet-proxy-log", text: "No usable token may be in a proxy's access log" },
  { value: "ends-sessions", text: "A session that is over must end its sockets too" },
  { value: "without-origin-check", text: "It must be safe without an Origin check" },
  { value: "visible-refusal", text: "A page must be told that it was refused, not just cut off" },
];

/** The places that a demand is about. */
export const quietPlaces: Readonly<Partial<Record<Demand, LeakPlace>>> = {
  "quiet-log": "access log",
  "quiet-proxy-log": "proxy's access log",
};

const placementTexts: Readonly<Record<Placement, string>> = {
  "same-origin": "page and server share host and port",
  "same-host": "the server has a port of its own on the page's host",
  "same-site": "the server has another host under the page's domain",
  "cross-site": "the server is on another site",
};

const shapeTexts: Readonly<Partial<Record<TokenShape, string>>> = {
  jwt: "a JSON Web Token",
  awkward: "characters like = + / : ; @ % and beyond ASCII",
  "4k": "4 KiB",
  "8k": "8 KiB",
  "16k": "16 KiB",
};

const callerOptions: readonly Option<Caller>[] = [
  { value: "dedicated-worker", text: "a dedicated worker" },
  { value: "shared-worker", text: "a shared worker" },
  { value: "service-worker", text: "a service worker" },
  { value: "frame", text: "a frame of the page's own origin" },
  { value: "sandboxed-frame", text: "a sandboxed frame" },
];

const libraryNames: Readonly<Record<string, string>> = {
  "socket.io-client": "Socket.IO",
  "graphql-ws": "graphql-ws",
  mqtt: "MQTT.js",
  "@stomp/stompjs": "STOMP.js",
};

/** A library's own name, or its package's. */
export function libraryName(library: string): string {
  return libraryNames[library] ?? library;
}

/** A part of the form: the parameter, its question, and what it takes. */
export interface Field {
  readonly parameter: string;
  readonly question: string;
  readonly isMultiple: boolean;
  readonly options: readonly Option[];
}

/** The fields of the form, with what these results know. */
export function fieldsOf({
  browsers,
  techniques,
}: ChooserTable): Readonly<
  Record<"browser" | "placement" | "scheme" | "demand" | "library" | "token" | "from", Field>
> {
  const libraries = [...new Set(techniques.flatMap((technique) => technique.libraries))];
  const shapes = tokenShapes.flatMap(({ attempts }) =>
    attempts.flatMap(({ shape }) => shape ?? []),
  );
  return {
    browser: field(
      "browser",
      "Which browsers must it work in? (None ticked: all of these.)",
      browsers.map(({ id, label }) => ({ value: id, text: label })),
    ),
    placement: field(
      "placement",
      "Where is the WebSocket server?",
      placements.map((value) => ({ value, text: `${value}: ${placementTexts[value]}` })),
      false,
    ),
    scheme: field(
      "scheme",
      "Over TLS?",
      [
        { value: "wss", text: "wss: page and socket are over TLS" },
        { value: "ws", text: "ws: both are plain" },
      ],
      false,
    ),
    demand: field("demand", "What must not go wrong?", demands),
    library: field(
      "library",
      "Which client library?",
      [
        { value: "any", text: "Any, or none" },
        { value: "none", text: "None: only what browsers have" },
        ...libraries.map((value) => ({ value, text: libraryName(value) })),
      ],
      false,
    ),
    token: field(
      "token",
      "What else than a short opaque token must fit?",
      shapes.map((value) => ({ value, text: shapeTexts[value] ?? value })),
    ),
    from: field("from", "Where else than in the page's window must it work?", callerOptions),
  };
}

/** What is assumed of whoever says nothing. */
export const unconstrained: Constraints = {
  browsers: [],
  placement: "same-origin",
  scheme: "wss",
  demands: [],
  library: "any",
  shapes: [],
  callers: [],
};

/** What a form asked for, and a sentence for every part of it that makes no sense and was left out. */
export interface ParsedConstraints {
  readonly constraints: Constraints;
  readonly problems: readonly string[];
}

/** Reads a form's parameters. Whatever they hold, there is an answer. */
export function parseConstraints(query: URLSearchParams, table: ChooserTable): ParsedConstraints {
  const fields = fieldsOf(table);
  const problems: string[] = [];
  const parameters = Object.values(fields).map(({ parameter }) => parameter);
  for (const name of new Set(query.keys())) {
    if (!parameters.includes(name)) {
      problems.push(`There is no parameter ${quoted(name)}; known are ${parameters.join(", ")}.`);
    }
  }
  const all = <Value extends string>(
    { parameter, options }: Field,
    known: readonly Value[],
  ): Value[] => {
    const values = [...new Set(query.getAll(parameter))];
    return values.flatMap((value) => {
      const found = known.find((one) => one === value);
      if (found !== undefined) return [found];
      const names = options.map((option) => option.value).join(", ");
      problems.push(`${parameter}: there is no ${quoted(value)}; known are ${names}.`);
      return [];
    });
  };
  const one = <Value extends string>(
    asked: Field,
    known: readonly Value[],
    otherwise: Value,
  ): Value => {
    const [first = otherwise, ...others] = all(asked, known);
    if (others.length > 0) {
      problems.push(`${asked.parameter} takes one value; only ${quoted(first)} was used.`);
    }
    return first;
  };
  const shapes = tokenShapes.flatMap(({ attempts }) =>
    attempts.flatMap(({ shape }) => shape ?? []),
  );
  return {
    constraints: {
      browsers: all(fields.browser, valuesOf(fields.browser)),
      placement: one(fields.placement, placements, unconstrained.placement),
      scheme: one(fields.scheme, schemes, unconstrained.scheme),
      demands: all(
        fields.demand,
        demands.map(({ value }) => value),
      ),
      library: one(fields.library, valuesOf(fields.library), unconstrained.library),
      shapes: all(fields.token, shapes),
      callers: all(
        fields.from,
        callerOptions.map(({ value }) => value),
      ),
    },
    problems,
  };
}

/** The form's parameters for these constraints, without what would be assumed anyway. */
export function queryOf(constraints: Constraints): URLSearchParams {
  const { browsers, placement, scheme, library, shapes, callers } = constraints;
  return new URLSearchParams([
    ...browsers.map((value) => ["browser", value]),
    ["placement", placement],
    ["scheme", scheme],
    ...constraints.demands.map((value) => ["demand", value]),
    ...(library === unconstrained.library ? [] : [["library", library]]),
    ...shapes.map((value) => ["token", value]),
    ...callers.map((value) => ["from", value]),
  ]);
}

/** What is asked for, in words, each a part of a sentence. */
export function constraintTexts(constraints: Constraints, table: ChooserTable): string[] {
  const { browsers, placement, scheme, library, shapes, callers } = constraints;
  const fields = fieldsOf(table);
  const named = table.browsers.filter(({ id }) => browsers.length === 0 || browsers.includes(id));
  return [
    `${placementTexts[placement]}, over ${scheme}`,
    `it must work in ${named.map(({ label }) => label).join(", ") || "some browser"}`,
    ...constraints.demands.map((value) => lowerFirst(textOf(fields.demand, value))),
    ...(library === "any"
      ? []
      : [library === "none" ? "no client library" : `with ${libraryName(library)}`]),
    ...shapes.map((value) => `a token of another kind must fit: ${textOf(fields.token, value)}`),
    ...callers.map((value) => `it must work in ${textOf(fields.from, value)}`),
  ];
}

function field(
  parameter: string,
  question: string,
  options: readonly Option[],
  isMultiple = true,
): Field {
  return { parameter, question, options, isMultiple };
}

function valuesOf({ options }: Field): string[] {
  return options.map(({ value }) => value);
}

function textOf({ options }: Field, value: string): string {
  return options.find((option) => option.value === value)?.text ?? value;
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

/** Short, for whatever somebody put into an address. */
function quoted(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}
