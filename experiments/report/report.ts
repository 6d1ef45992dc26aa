import type { Results } from "../../model/results.ts";
import type { Catalogue } from "./catalogue.ts";

/** A format that results can be written in; `Text` tells those that take their time. */
export interface Report<Text extends string | Promise<string> = string | Promise<string>> {
  /** The name of its command line flag, without dashes: "html". */
  readonly flag: string;
  /** The usual end of its file name, without the dot: "html". */
  readonly extension: string;
  /** What the file is, for `--help`. */
  readonly description: string;
  /** The whole file, as text that ends with a line break. */
  render(results: Results, catalogue: Catalogue): Text;
}
