import { fileURLToPath } from "node:url";
import { folderOf } from "../techniques/folder.ts";
import type { Technique } from "../techniques/technique.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { renderGuide } from "./chooser/guide.ts";
import { guideSources } from "./chooser/sources.ts";
import { catalogueOf } from "./laboratory.ts";
import type { Destination } from "./publication.ts";

/** Where this checkout shows published results. */
export function placesOfResults(): Omit<Destination, "directory"> {
  return {
    readme: fileURLToPath(new URL("../README.md", import.meta.url)),
    techniqueReadmes: new Map(
      [...Map.groupBy(techniques, readmeOf)].map(([path, own]) => [path, own.map(({ id }) => id)]),
    ),
    guides: new Map([
      [
        fileURLToPath(new URL("../docs/choosing.md", import.meta.url)),
        (results) => renderGuide(results, guideSources),
      ],
    ]),
    catalogue: catalogueOf(techniques),
  };
}

function readmeOf(technique: Technique): string {
  return fileURLToPath(new URL("README.md", folderOf(technique, techniquesDirectory)));
}
