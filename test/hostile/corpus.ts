import { readFileSync } from "node:fs";
import type { AppCase } from "../../bench/hostile-input/app-aim.ts";
import type { HostileCase } from "../../bench/hostile-input/cases.ts";

/** What is in the files of the folder "corpus": what once broke something, or might. */
export interface Corpus {
  readonly connections: readonly {
    readonly why: string;
    /** Ids of techniques; absent: all. */
    readonly techniques?: readonly string[];
    readonly hostile: HostileCase;
  }[];
  readonly app: readonly { readonly why: string; readonly hostile: AppCase }[];
  /** By who reads them. */
  readonly texts: Readonly<
    Record<
      "results" | "flags" | "browsers" | "settings" | "posts" | "hosts" | "agents" | "queries",
      readonly string[]
    >
  >;
}

/** Reads one of its files. */
export function readCorpus<Name extends keyof Corpus>(name: Name): Corpus[Name] {
  const file = new URL(`corpus/${name}.json`, import.meta.url);
  const content: Corpus[Name] = JSON.parse(readFileSync(file, "utf8"));
  return content;
}
