import type { SiteData, SiteTechnique } from "./data.ts";
import type { Query } from "./links.ts";

/** What can be presented, in display order. The last two are two connections with one token. */
export const tryInputs = ["good", "missing", "forged", "expired", "again", "single-use"] as const;
export type TryInput = (typeof tryInputs)[number];

/** What a connection of the page presents; `again`: the token of one that was made before. */
export type Presented = TryInput;

/** The connections that an input stands for, in order. */
export const connectionsOf: Readonly<Record<TryInput, readonly Presented[]>> = {
  good: ["good"],
  missing: ["missing"],
  forged: ["forged"],
  expired: ["expired"],
  again: ["good", "again"],
  "single-use": ["single-use", "again"],
};

/** What the page's address says: all that it takes to make the same connection elsewhere. */
export interface TryChoice {
  /** Undefined when there is no such technique, or none at all. */
  readonly technique: SiteTechnique | undefined;
  readonly input: TryInput;
  readonly user: string;
}

const defaultUser = "alice";
/** As long as the lab takes. */
const maxUserLength = 64;

/** Reads an address. What it does not know is replaced by what a newcomer sees. */
export function parseTryQuery(query: URLSearchParams, { techniques }: SiteData): TryChoice {
  const id = query.get("technique");
  const user = (query.get("user") ?? "").slice(0, maxUserLength);
  return {
    technique:
      techniques.find((technique) => technique.id === id) ??
      techniques.find(({ leftOut }) => leftOut === null),
    input: tryInputs.find((input) => input === query.get("input")) ?? "good",
    user: user === "" ? defaultUser : user,
  };
}

/** The parameters of a choice's address. */
export function tryQuery({ technique, input, user }: TryChoice): Query {
  return { technique: technique?.id, input, user };
}
