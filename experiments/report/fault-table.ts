import type { Attempt, Evidence, PageEvent } from "../../model/observation.ts";
import type { JudgedTrial, Results } from "../../model/results.ts";
import type { Fault } from "../../model/trial.ts";
import { tellsApart, visibleFailure } from "../risks/visible-failure.ts";
import type { Catalogue, TechniqueEntry } from "./catalogue.ts";
import { type Column, columnsOf } from "./columns.ts";
import { inOrder } from "./display-order.ts";

/** What a page sees of one way to fail. */
export interface FaultCell {
  /** "error, close 1006, about 10 ms; looks like an outage". */
  readonly text: string;
  /** Whether the page can tell it from a server that is down; null when nothing can be said. */
  readonly apart: boolean | null;
  /** Where that was observed; null when it was not, or in the experiments with certificates. */
  readonly trial: JudgedTrial | null;
}

/** Ways to fail against browsers. */
export interface FaultTable {
  readonly columns: readonly Column[];
  readonly rows: readonly {
    /** The scenario, or the condition of trust: "fault-401", "untrusted". */
    readonly id: string;
    readonly question: string;
    /** How it was tried. */
    readonly technique: TechniqueEntry;
    /** One per column. */
    readonly cells: readonly FaultCell[];
  }[];
}

/** What pages see of servers that fail in ways of their own, and of a certificate that nobody vouches for; null when nobody tried. */
export function faultTable(results: Results, catalogue: Catalogue): FaultTable | null {
  const columns = columnsOf(results).columns.filter(({ run }) => run.trials.some(isFault));
  const tried = columns.flatMap(({ run }) => run.trials.filter(isFault));
  if (tried.length === 0) return null;
  const questions = new Map(catalogue.scenarios.map(({ id, question }) => [id, question]));
  const titles = new Map(catalogue.techniques.map((technique) => [technique.id, technique]));
  const scenarios = inOrder(
    tried.map(({ scenario }) => scenario),
    [...questions.keys()],
  );
  const rows = scenarios.flatMap((scenario) => {
    const own = tried.filter((trial) => trial.scenario === scenario);
    const ids = inOrder(
      own.map(({ technique }) => technique),
      [...titles.keys()],
    );
    return ids.map((id) => ({
      id: scenario,
      question: questions.get(scenario) ?? scenario,
      technique: titles.get(id) ?? { id, title: id },
      cells: columns.map((column) => {
        const trials = column.run.trials.filter(
          (one) => one.scenario === scenario && one.technique === id,
        );
        return cellOf(
          trials.map((trial) => ({
            attempt: trial.attempts[0],
            failure: trial.failure?.reason,
            trial,
          })),
          scenario === "fault-down" ? [] : outagesOf(column, id),
        );
      }),
    }));
  });
  return { columns, rows: [...rows, ...untrustedRow(results, catalogue, columns)] };
}

/** The condition of trust that is a way to fail, too. */
const untrusted = "untrusted";

function untrustedRow(
  { trust }: Results,
  { conditions, techniques }: Catalogue,
  columns: readonly Column[],
): FaultTable["rows"] {
  const own = trust.filter(({ condition }) => condition === untrusted);
  const [first] = own;
  if (first === undefined) return [];
  const id = first.trial.technique;
  return [
    {
      id: untrusted,
      question: conditions.find((one) => one.id === untrusted)?.question ?? untrusted,
      technique: techniques.find((one) => one.id === id) ?? { id, title: id },
      cells: columns.map((column) => {
        const { browser, profile } = column.run;
        const observations = own.filter(
          (one) =>
            one.browser.id === browser.id &&
            one.browser.version === browser.version &&
            one.profile.name === profile.name,
        );
        return cellOf(
          observations.map(({ trial: { attempts, failure } }) => ({
            attempt: attempts.find(({ expect }) => expect === "accepted"),
            failure: failure?.reason,
            trial: null,
          })),
          outagesOf(column, id),
        );
      }),
    },
  ];
}

/** One of several repetitions. */
interface Try {
  readonly attempt: Attempt | undefined;
  /** Why there may be no attempt. */
  readonly failure: string | undefined;
  readonly trial: JudgedTrial | null;
}

/** What an outage looks like to the technique, or to another one where it was not asked. */
function outagesOf({ run }: Column, technique: string): Attempt[] {
  const own = run.trials.filter((trial) => trial.technique === technique).flatMap(downIn);
  return own.length > 0 ? own : run.trials.flatMap(downIn).slice(0, 1);
}

function downIn({ attempts }: JudgedTrial): Attempt[] {
  return attempts.filter((one) => one.fault === "down" && one.end !== "harness-error");
}

function cellOf(tries: readonly Try[], outages: readonly Attempt[]): FaultCell {
  const conclusive = tries.flatMap(({ attempt, trial }) =>
    attempt === undefined || attempt.end === "harness-error" ? [] : [{ attempt, trial }],
  );
  const seen = conclusive.map(({ attempt }) => attempt);
  const [first] = conclusive;
  if (first === undefined) {
    const [attempt] = tries.flatMap((one) => one.attempt ?? []);
    const [trial = null] = tries.flatMap((one) => one.trial ?? []);
    const [failure] = tries.flatMap((one) => one.failure ?? []);
    const why = failure ?? (attempt === undefined ? "not tried" : "our own code broke");
    return { text: why, apart: null, trial };
  }
  const views = seen.map(withoutCleanUp);
  const verdicts = new Set(
    views.map((view) => outages.every((outage) => tellsApart(view, outage).apart)),
  );
  const [isApart] = verdicts;
  const apart = outages.length === 0 || verdicts.size > 1 ? null : (isApart ?? null);
  const parts = [
    viewsText(views),
    ...(seen.some(isFollowed) ? ["the browser followed the redirect"] : []),
    ...(apart === null ? [] : [apart ? "can be told from an outage" : "looks like an outage"]),
    ...(outages.length > 0 && verdicts.size > 1
      ? ["can be told from an outage only at times"]
      : []),
  ];
  return { text: parts.join("; "), apart, trial: first.trial };
}

/** Every different view once, with the times that it took. */
function viewsText(views: readonly Attempt[]): string {
  const texts = views.map((view) => {
    const { saw, took } = visibleFailure(view);
    if (isEndless(view)) return { saw, took: "then nothing" };
    return { saw, took: took ?? "and nothing before the page gave up" };
  });
  return [...Map.groupBy(texts, ({ saw }) => saw)]
    .map(([saw, some]) => `${saw}, ${[...new Set(some.map(({ took }) => took))].join(" or ")}`)
    .join("; or ");
}

/** With which words the lab ends a connection that such a server would never have ended. */
const cleanUps: Partial<Record<Fault, string>> = {
  silence: "was silent",
  "no-subprotocol": "no subprotocol",
};

function isCleanUp({ fault }: Attempt, event: PageEvent): boolean {
  return fault !== undefined && event.type === "close" && event.reason === cleanUps[fault];
}

/** What the page would have seen if the lab had not ended it. */
function withoutCleanUp(attempt: Attempt): Attempt {
  const events = attempt.events.filter((event) => !isCleanUp(attempt, event));
  return { ...attempt, events };
}

/** Whether a server that lets connections stay open was let to. */
function isEndless({ fault, events, end }: Attempt): boolean {
  const isOver = events.some(({ type }) => type !== "open" && type !== "message");
  return fault !== undefined && fault in cleanUps && end === "completed" && !isOver;
}

/** Whether a request came after the one that was answered with a redirect. */
function isFollowed({ evidence }: Attempt): boolean {
  const redirected = evidence.findIndex(isRedirect);
  return redirected !== -1 && evidence.slice(redirected + 1).some(({ type }) => type === "request");
}

function isRedirect(entry: Evidence): boolean {
  return entry.type === "request" && entry.status >= 300 && entry.status < 400;
}

function isFault({ aspect, scenario }: JudgedTrial): boolean {
  return aspect === "visibility" && scenario.startsWith("fault-");
}
