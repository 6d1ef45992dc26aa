import type { Attempt, Evidence } from "../../model/observation.ts";
import type { JudgedTrial, Results } from "../../model/results.ts";
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
  /** What was observed; null when nothing was. */
  readonly attempt: Attempt | null;
}

/** Ways to fail against browsers. */
export interface FaultTable {
  readonly columns: readonly Column[];
  readonly rows: readonly {
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
      question: questions.get(scenario) ?? scenario,
      technique: titles.get(id) ?? { id, title: id },
      cells: columns.map((column) => {
        const trial = column.run.trials.find(
          (one) => one.scenario === scenario && one.technique === id,
        );
        return cellOf(
          trial?.attempts[0],
          trial?.failure?.reason,
          column,
          "fault-down" !== scenario,
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
      question: conditions.find((one) => one.id === untrusted)?.question ?? untrusted,
      technique: techniques.find((one) => one.id === id) ?? { id, title: id },
      cells: columns.map((column) => {
        const { browser, profile } = column.run;
        const observation = own.find(
          (one) =>
            one.browser.id === browser.id &&
            one.browser.version === browser.version &&
            one.profile.name === profile.name,
        );
        const { attempts = [], failure = null } = observation?.trial ?? {};
        const good = attempts.find(({ expect }) => expect === "accepted");
        return cellOf(good, failure?.reason, column, true);
      }),
    },
  ];
}

function cellOf(
  attempt: Attempt | undefined,
  failure: string | undefined,
  { run }: Column,
  isCompared: boolean,
): FaultCell {
  if (attempt === undefined || attempt.end === "harness-error") {
    const why = failure ?? (attempt === undefined ? "not tried" : "our own code broke");
    return { text: why, apart: null, attempt: attempt ?? null };
  }
  const { saw, took } = visibleFailure(attempt);
  const outage = run.trials
    .flatMap(({ attempts }) => attempts)
    .find((one) => one.fault === "down" && one.end !== "harness-error");
  const apart = isCompared && outage !== undefined ? tellsApart(attempt, outage).apart : null;
  const parts = [
    `${saw}, ${took ?? "and nothing before the page gave up"}`,
    ...(isFollowed(attempt) ? ["the browser followed the redirect"] : []),
    ...(apart === null ? [] : [apart ? "can be told from an outage" : "looks like an outage"]),
  ];
  return { text: parts.join("; "), apart, attempt };
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
