import type { JudgedTrial } from "../../model/results.ts";
import type { Caller } from "../../model/trial.ts";
import { variantsInOrder } from "../report/variants.ts";
import { variantOf } from "../verdict.ts";
import {
  type Risk,
  type RiskCell,
  type RiskContext,
  type RiskEvidence,
  type RiskOutcome,
  worstFirst,
} from "./risk.ts";

/** What one trial shows, before it is joined with those that show the same. */
export interface Draft {
  readonly outcome: RiskOutcome;
  readonly trial: JudgedTrial;
  /** As in RiskCell; absent: null. */
  readonly about?: string;
  /** Who attacks, or opens the socket, when that is a question. */
  readonly caller?: Caller;
  /** The sentence, once it is known who is meant by it. */
  readonly say: (who: string) => string;
  /** The attempts that show it; empty: none does. */
  readonly attempts: readonly number[];
}

/** Makes one cell of the drafts that say the same of different placements, schemes, or callers that were tried at the same; the worst come first. */
export function cellsOf(
  { id: risk, outcomes }: Pick<Risk, "id" | "outcomes">,
  { technique }: Pick<RiskContext, "technique">,
  drafts: readonly Draft[],
): RiskCell[] {
  const lookedFor = (caller: Caller | undefined, scenarios: readonly string[]): string[] =>
    variantsInOrder(
      drafts
        .filter((draft) => draft.caller === caller && scenarios.includes(draft.trial.scenario))
        .map(({ trial }) => variantOf(trial)),
    );
  const perCaller = groupsBy(drafts, ({ outcome, about, caller, say }) => [
    outcome.word,
    about,
    caller,
    say("…"),
  ]).map((some) => {
    const [{ caller }] = some;
    return {
      some,
      variants: variantsInOrder(some.map(({ trial }) => variantOf(trial))),
      of: lookedFor(
        caller,
        some.map(({ trial }) => trial.scenario),
      ),
    };
  });
  const alike = groupsBy(perCaller, ({ some: [{ outcome, about, say }], variants, of }) => [
    outcome.word,
    about,
    say("…"),
    variants,
    of,
  ]);
  const cells = alike.map((group): RiskCell => {
    const [{ some, variants, of }] = group;
    const [{ outcome, about, say }] = some;
    const callers = [...new Set(group.flatMap(({ some: [{ caller }] }) => caller ?? []))];
    return {
      ...outcome,
      risk,
      technique,
      about: about ?? null,
      sentence: say(whoText(callers)),
      where: { variants, of, callers },
      evidence: group.flatMap((one) => one.some.flatMap(evidenceOf)),
    };
  });
  const place = ({ word }: RiskCell): number => outcomes.findIndex((one) => one.word === word);
  return cells.toSorted((a, b) => rank(a) - rank(b) || place(a) - place(b));
}

/** 0 is the worst; what is moot comes last. */
export function rank({ severity, moot }: Pick<RiskOutcome, "severity" | "moot">): number {
  return moot === true ? worstFirst.length : worstFirst.indexOf(severity);
}

/** Callers for the middle of a sentence: "a page on another site or a page on a sibling subdomain". */
export function whoText(callers: readonly Caller[]): string {
  if (callers.length === 0) return "the page";
  const texts = callers.map((caller) => callerTexts[caller]);
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} or ${last}`;
}

/** Who opens a socket, in words. */
export const callerTexts: Readonly<Record<Caller, string>> = {
  page: "the page",
  tab: "the page in another tab",
  restarted: "the page after a restart of the browser",
  frame: "a frame of the page's own origin",
  "sandboxed-frame": "a sandboxed frame",
  "dedicated-worker": "a dedicated worker",
  "shared-worker": "a shared worker",
  "service-worker": "a service worker",
  "cross-site-frame": "a frame of another site",
  "cross-site-page": "a page on another site",
  "cross-site-sandbox": "a sandboxed frame on another site",
  "sibling-page": "a page on a sibling subdomain",
  "other-port-page": "a page on another port of the server's host",
  program: "a program",
};

/** The same for the cell of a table. */
export const callerNames: Readonly<Record<Caller, string>> = {
  page: "the page",
  tab: "another tab",
  restarted: "restart",
  frame: "frame",
  "sandboxed-frame": "sandboxed frame",
  "dedicated-worker": "dedicated worker",
  "shared-worker": "shared worker",
  "service-worker": "service worker",
  "cross-site-frame": "frame of another site",
  "cross-site-page": "another site",
  "cross-site-sandbox": "sandboxed frame",
  "sibling-page": "sibling subdomain",
  "other-port-page": "another port",
  program: "program",
};

/** An outcome that nobody can know: it is never counted as safe. */
export function unknownOutcome(word: string = "nothing shown"): RiskOutcome {
  return {
    word,
    severity: "unknown",
    advice: "Nothing was shown: measure it in your own browsers before you rely on it.",
  };
}

function evidenceOf({ trial, attempts }: Draft): RiskEvidence[] {
  return attempts.length === 0
    ? [{ trial, attempt: null }]
    : attempts.map((attempt) => ({ trial, attempt }));
}

function groupsBy<Item>(
  items: readonly Item[],
  key: (item: Item) => readonly unknown[],
): (readonly [Item, ...Item[]])[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(key(item)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}
