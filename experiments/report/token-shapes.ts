import type { Attempt, Evidence } from "../../model/observation.ts";
import type { JudgedTrial, Results } from "../../model/results.ts";
import type { TokenShape } from "../../model/trial.ts";
import { shapeTried, tokenShapes } from "../scenarios/token-shapes.ts";
import { variantOf } from "../verdict.ts";
import { titleList, type Catalogue, type TechniqueEntry } from "./catalogue.ts";
import { type Column, columnsOf } from "./columns.ts";
import { inOrder } from "./display-order.ts";
import { listed } from "./variants.ts";

/** Who did not let a token pass: the page's own code, the browser below it, a proxy, or the server. */
export type Refuser = "page" | "browser" | "browser or proxy" | "server";

/** Whether a token of some shape got its page in. */
export type TokenFit =
  | { readonly state: "fits" }
  | { readonly state: "refused"; readonly by: Refuser; readonly how: string }
  /** `how` says why nothing is known of this shape. */
  | { readonly state: "open"; readonly how: string };

/** What browsers with the same to say did with one shape of token. */
export interface TokenAnswer {
  /** "Chromium and Firefox"; null: all that the row speaks of. */
  readonly browsers: string | null;
  readonly fit: TokenFit;
  /** What was observed, with the browser that it was observed in. */
  readonly observed: readonly { readonly column: Column; readonly trial: JudgedTrial }[];
}

/** One technique, in the browsers in which it accepts a token at all. */
export interface TokenShapeRow {
  readonly technique: TechniqueEntry;
  /** One per shape, with every different answer once. */
  readonly cells: readonly (readonly TokenAnswer[])[];
}

/** Techniques against shapes of tokens. */
export interface TokenShapeTable {
  readonly shapes: readonly TokenShape[];
  readonly rows: readonly TokenShapeRow[];
  /** Where not even an ordinary token is accepted, which the rows do not speak of. */
  readonly pointless: readonly {
    /** Their titles: "Custom header · Cached Basic credentials". */
    readonly techniques: string;
    /** "Chromium and Firefox"; null: all that tried it. */
    readonly browsers: string | null;
  }[];
}

/** What the shapes are, for readers. */
export const tokenShapesLegend: string =
  "Each technique is handed one good token of every shape, at one placement. " +
  "jwt: a signed JSON Web Token. awkward: with = + / : ; @ % and characters beyond ASCII. " +
  "4k, 8k, 16k: opaque, of that many times 1024 characters. " +
  "This says nothing for or against a technique, and is not counted above.";

/** Arranges the trials of token shapes; null when none was made. */
export function tokenShapeTable(results: Results, catalogue: Catalogue): TokenShapeTable | null {
  const { columns, folded } = columnsOf(results);
  const tried = [...columns, ...folded].flatMap((column) =>
    column.run.trials.flatMap((trial): Tried[] => {
      const shape = shapeTried(trial);
      if (shape === undefined) return [];
      const isPointless = opaqueTrial(column, trial)?.verdict.outcome === "fail";
      return [{ column, trial, shape, isPointless }];
    }),
  );
  if (tried.length === 0) return null;
  const known = tokenShapes.flatMap(({ attempts }) => attempts.flatMap(({ shape }) => shape ?? []));
  const shapes = known.filter((one) => tried.some(({ shape }) => shape === one));
  const entries = new Map(catalogue.techniques.map((technique) => [technique.id, technique]));
  const ids = inOrder(
    tried.map(({ trial }) => trial.technique),
    [...entries.keys()],
  );
  const techniques = ids.map((id) => {
    const technique = entries.get(id) ?? { id, title: id };
    return { technique, own: tried.filter(({ trial }) => trial.technique === id) };
  });
  return {
    shapes,
    rows: techniques.flatMap(({ technique, own }) => {
      const telling = own.filter(({ isPointless }) => !isPointless);
      if (telling.length === 0) return [];
      return [{ technique, cells: shapes.map((shape) => cellOf(technique, shape, telling)) }];
    }),
    pointless: pointlessOf(techniques),
  };
}

type Observed = TokenAnswer["observed"][number];

interface Tried extends Observed {
  readonly shape: TokenShape;
  /** Whether an ordinary token is not accepted there either. */
  readonly isPointless: boolean;
}

function cellOf(
  technique: TechniqueEntry,
  shape: TokenShape,
  own: readonly Tried[],
): readonly TokenAnswer[] {
  const found = own
    .filter((one) => one.shape === shape)
    .map(({ column, trial }) => {
      const isProxied = technique.isProxied === true || column.run.through !== null;
      return { column, trial, fit: tokenFit(trial, { isProxied }) };
    });
  if (found.length === 0)
    return [{ browsers: null, fit: whyNot(technique, shape, own), observed: [] }];
  const alike = [...Map.groupBy(found, ({ fit }) => fitText(fit)).values()];
  return alike.flatMap((observed) => {
    const [first] = observed;
    if (first === undefined) return [];
    const browsers = alike.length === 1 ? null : browsersOf(observed, own);
    return [{ browsers, fit: first.fit, observed }];
  });
}

function whyNot(technique: TechniqueEntry, shape: TokenShape, own: readonly Tried[]): TokenFit {
  const scenario = tokenShapes.find(({ attempts }) => attempts.some((one) => one.shape === shape));
  const isLeftOut = own.some(({ column }) =>
    column.run.leftOut.some(
      (one) => one.technique === technique.id && "scenario" in one && one.scenario === scenario?.id,
    ),
  );
  return { state: "open", how: isLeftOut ? "left out" : "not tried" };
}

/** Techniques with the same browsers to name are named together. */
function pointlessOf(
  techniques: readonly { readonly technique: TechniqueEntry; readonly own: readonly Tried[] }[],
): TokenShapeTable["pointless"] {
  const found = techniques.flatMap(({ technique: { title }, own }) => {
    const some = own.filter(({ isPointless }) => isPointless);
    if (some.length === 0) return [];
    return [{ title, browsers: some.length === own.length ? null : browsersOf(some, own) }];
  });
  return [...Map.groupBy(found, ({ browsers }) => browsers)].map(([browsers, some]) => {
    return { browsers, techniques: titleList(some.map(({ title }) => title)) };
  });
}

function browsersOf(some: readonly Observed[], among: readonly Observed[]): string {
  const columns = [...new Set(some.map(({ column }) => column))];
  return listed(columns.map(nameAmong(among)));
}

/** The name alone, where no other run has it. */
function nameAmong(tried: readonly Observed[]): (column: Column) => string {
  return ({ name, label, run }) =>
    tried.some(({ column }) => column.name === name && column.run !== run) ? label : name;
}

/** The trial of an ordinary token in the same run at the same place. */
function opaqueTrial({ run }: Column, trial: JudgedTrial): JudgedTrial | undefined {
  return run.trials.find(
    (other) =>
      other.scenario === "valid" &&
      other.technique === trial.technique &&
      variantOf(other) === variantOf(trial),
  );
}

/**
 * Whether the token fits, and who refused it otherwise, from what both ends saw. What was lost before
 * the server saw anything was the browser's doing, or that of a proxy if there is one.
 */
export function tokenFit(
  trial: JudgedTrial,
  { isProxied = false }: { readonly isProxied?: boolean } = {},
): TokenFit {
  const { verdict, failure } = trial;
  if (verdict.outcome === "pass") return { state: "fits" };
  const unknown = { state: "open", how: `${verdict.outcome}: ${verdict.reason}` } as const;
  const attempt = trial.attempts.find(({ shape = "opaque" }) => shape !== "opaque");
  if (failure !== null || attempt === undefined || verdict.outcome !== "fail") return unknown;
  return (
    refusalByServer(attempt) ??
    refusalByPage(attempt) ??
    refusalOnTheWay(attempt, isProxied) ??
    unknown
  );
}

/** "Not shown, for not even an opaque token is accepted in Chromium: Custom header". */
export function pointlessTexts({ pointless }: TokenShapeTable): string[] {
  return pointless.map(
    ({ browsers, techniques }) =>
      `Not shown, for not even an opaque token is accepted${browsers === null ? "" : ` in ${browsers}`}: ${techniques}`,
  );
}

/** "fits", "server: status 431", "timeout: …". */
export function fitText(fit: TokenFit): string {
  switch (fit.state) {
    case "fits":
      return "fits";
    case "refused":
      return `${fit.by}: ${fit.how}`;
    case "open":
      return fit.how;
  }
}

type Refusal = Extract<TokenFit, { state: "refused" }>;
type Request = Extract<Evidence, { type: "request" }>;

/** It had the token before it and said no, or said no to the size of what came. */
function refusalByServer({ evidence, events, given }: Attempt): Refusal | undefined {
  const judged = evidence.find(
    (entry) => entry.type !== "close" && entry.refusal !== null && entry.presented !== null,
  );
  if (judged !== undefined && judged.type !== "close") {
    const isAsGiven = judged.presented === given;
    return by("server", `${judged.refusal}${isAsGiven ? "" : " (arrived changed)"}`);
  }
  // 401 without a judgement is a challenge, to which the token is the answer (RFC 9110, 11.6.1).
  const turnedAway = evidence.find(
    (entry): entry is Request =>
      entry.type === "request" &&
      entry.status >= 400 &&
      entry.status !== 401 &&
      entry.refusal === null,
  );
  if (turnedAway !== undefined) return by("server", `status ${turnedAway.status}`);
  const refusal = events.find((event) => event.type === "refusal");
  if (refusal !== undefined) return by("server", `${refusal.code}: ${refusal.reason}`);
  const close = events.find((event) => event.type === "close" && isOfServer(event.code));
  return close?.type === "close" && !isOnlyMissed(evidence)
    ? by("server", `close ${close.code}`)
    : undefined;
}

function refusalByPage({ end, events }: Attempt): Refusal | undefined {
  const exception = events.find((event) => event.type === "exception");
  return end === "threw" && exception !== undefined ? by("page", exception.name) : undefined;
}

function refusalOnTheWay({ evidence, end }: Attempt, isProxied: boolean): Refusal | undefined {
  if (isOnlyMissed(evidence)) return by("browser", "left the token out");
  const reached = evidence.some((entry) => entry.type === "request" && entry.upgrade);
  if (end !== "completed" || reached) return undefined;
  return by(isProxied ? "browser or proxy" : "browser", "did not reach the server");
}

/** Whether servers were asked to let somebody in, and saw no credential. */
function isOnlyMissed(evidence: readonly Evidence[]): boolean {
  const judged = evidence.filter((entry) => entry.type !== "close" && entry.refusal !== null);
  return (
    judged.length > 0 && judged.every((entry) => entry.type !== "close" && entry.presented === null)
  );
}

/** Codes that are sent, and not made by the browser itself: RFC 6455, 7.4.1. 1000 and 1001 are no refusal. */
function isOfServer(code: number): boolean {
  return ![1000, 1001, 1005, 1006, 1015].includes(code);
}

function by(refuser: Refuser, how: string): Refusal {
  return { state: "refused", by: refuser, how };
}
