import type { Results, TrustObservation } from "../../model/results.ts";
import { reference } from "../trust/conditions.ts";
import { pageView, trustFinding, wasLetIn } from "../trust/finding.ts";
import type { Catalogue, ConditionEntry } from "./catalogue.ts";
import { inOrder } from "./display-order.ts";

/** What one browser did under one condition. */
export interface CertificateCell {
  readonly observation: TrustObservation;
  /** In words: "connects", "refused: page sees error, close 1006 in under 10 ms; …". */
  readonly text: string;
  /** How to draw it: let in or refused, which neither praises nor blames; "open": nothing can be said. */
  readonly tone: "connects" | "refused" | "open";
}

/** Conditions of trust against browsers. */
export interface CertificateTable {
  /** Each browser's name and version. */
  readonly browsers: readonly string[];
  readonly rows: readonly {
    readonly condition: ConditionEntry;
    /** One per browser; empty when it was not asked. */
    readonly cells: readonly (readonly CertificateCell[])[];
  }[];
}

/** Arranges the experiments with certificates; null when none was made. */
export function certificateTable(
  { trust }: Results,
  { conditions }: Catalogue,
): CertificateTable | null {
  if (trust.length === 0) return null;
  const questions = new Map(conditions.map(({ id, question }) => [id, question]));
  const ids = inOrder(
    trust.map(({ condition }) => condition),
    [...questions.keys()],
  );
  const browsers = [...Map.groupBy(trust, keyOf).values()];
  return {
    browsers: browsers.map(([first]) => (first === undefined ? "" : browserText(first))),
    rows: ids.map((id) => ({
      condition: { id, question: questions.get(id) ?? id },
      cells: browsers.map((own) => {
        const compared = own.find(({ condition }) => condition === reference);
        return own
          .filter(({ condition }) => condition === id)
          .map((observation) => cellOf(observation, compared));
      }),
    })),
  };
}

function keyOf({ browser: { id, name, version }, profile }: TrustObservation): string {
  return JSON.stringify([id, name, version, profile.name]);
}

function browserText({ browser: { name, version }, profile }: TrustObservation): string {
  const browser = version === null ? name : `${name} ${version}`;
  return profile.name === "default" ? browser : `${browser} (profile ${profile.name})`;
}

function cellOf(
  observation: TrustObservation,
  compared: TrustObservation | undefined,
): CertificateCell {
  const { dialogs } = observation;
  const { text, tone } = findingText(observation, compared);
  const asked = dialogs.length === 0 ? [] : [`asked: ${dialogs.join("; ")}`];
  return { observation, text: [text, ...asked].join("; "), tone };
}

function findingText(
  observation: TrustObservation,
  compared: TrustObservation | undefined,
): Pick<CertificateCell, "text" | "tone"> {
  const finding = trustFinding(observation, compared);
  if (finding.outcome !== "observed") {
    return { text: `${finding.outcome}: ${finding.reason}`, tone: "open" };
  }
  if (finding.connected) {
    const refusal = observation.condition === reference ? refusalText(observation) : "";
    return { text: `connects${refusal}`, tone: "connects" };
  }
  const { saw, took, distinguishable } = finding;
  const comparison = {
    true: "; can be told from a refused token",
    false: "; looks like a refused token",
    null: "",
  }[`${distinguishable}`];
  return { text: `refused: page sees ${saw} ${took}${comparison}`, tone: "refused" };
}

/** What the page saw of the token that was to be refused, which is what the other conditions are compared with. */
function refusalText({ trial: { attempts, failure } }: TrustObservation): string {
  const refused = attempts.find(({ expect }) => expect === "refused");
  if (failure !== null || refused === undefined || refused.end === "harness-error") return "";
  if (wasLetIn(refused)) return "";
  const { saw, took } = pageView(refused);
  return `; of a refused token the page sees ${saw} ${took}`;
}
