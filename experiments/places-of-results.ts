import { fileURLToPath } from "node:url";
import type { Results } from "../model/results.ts";
import { folderOf } from "../techniques/folder.ts";
import type { Technique } from "../techniques/technique.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { renderGuide } from "./chooser/guide.ts";
import { guideSources } from "./chooser/sources.ts";
import { catalogueOf } from "./catalogue.ts";
import type { Destination } from "./publication.ts";
import { renderDetails, renderRisks } from "./report/markdown.ts";

/** Where this checkout shows published results. */
export function placesOfResults(): Omit<Destination, "directory"> {
  const catalogue = catalogueOf(techniques);
  return {
    readme: fileURLToPath(new URL("../README.md", import.meta.url)),
    techniqueReadmes: new Map(
      [...Map.groupBy(techniques, readmeOf)].map(([path, own]) => [path, own.map(({ id }) => id)]),
    ),
    guides: new Map<string, (results: Results) => Promise<string>>([
      [
        fileURLToPath(new URL("../docs/choosing.md", import.meta.url)),
        (results) => renderGuide(results, guideSources),
      ],
      [
        fileURLToPath(new URL("../docs/what-goes-wrong.md", import.meta.url)),
        async (results) => renderRisks(results, catalogue),
      ],
      [
        fileURLToPath(new URL("../docs/what-was-measured.md", import.meta.url)),
        async (results) =>
          renderDetails(results, catalogue, "[what-goes-wrong.md](what-goes-wrong.md)"),
      ],
    ]),
    catalogue,
  };
}

function readmeOf(technique: Technique): string {
  return fileURLToPath(new URL("README.md", folderOf(technique, techniquesDirectory)));
}
