import type { CertificateTable } from "../certificates.ts";
import { visible } from "../visible.ts";
import type { Screen } from "./screen.ts";

/** Every condition with what each browser did: the sentences are too long for a table. */
export function certificateLines({ browsers, rows }: CertificateTable, screen: Screen): string[] {
  return rows.flatMap(({ condition, cells }) => [
    "",
    ...screen.indented(visible(condition.question), 0).map((line) => screen.paint("bold", line)),
    ...cells.flatMap((own, index) =>
      own.flatMap(({ text }) => screen.indented(visible(`${browsers[index]}: ${text}`), 2)),
    ),
  ]);
}
