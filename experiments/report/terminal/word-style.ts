import type { SummaryWord } from "../../../model/results.ts";
import type { Summary } from "../../verdict.ts";
import type { Style } from "./screen.ts";

const styles: Readonly<Record<SummaryWord, Style>> = {
  works: "green",
  partly: "yellow",
  broken: "red",
  unsafe: ["bold", "red"],
  unknown: "dim",
};

/** The colour of a summary's word. */
export function wordStyle({ word, total }: Summary): Style {
  return total === 0 ? "dim" : styles[word];
}
