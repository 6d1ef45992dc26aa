import { fileURLToPath } from "node:url";
import { placesOfResults } from "./places-of-results.ts";
import { publish } from "./publication.ts";
import { publishedDirectory } from "./results-files.ts";

const [file, ...others] = process.argv.slice(2);
if (file === undefined || file === "--help" || others.length > 0) {
  console.log(`Usage: npm run publish-results -- results/local/….json

Makes a run of all browsers what is known: copies it to results/, and shows it in the README, in those
of the techniques, and in docs/.
Only complete runs of committed code can be published.`);
  process.exitCode = file === "--help" ? 0 : 2;
} else {
  const publication = await publish(file, {
    directory: fileURLToPath(publishedDirectory),
    ...placesOfResults(),
  });
  if (publication.state === "published") {
    console.log(
      `Written: results/${publication.name}, README.md, the techniques' READMEs, docs/choosing.md, docs/what-goes-wrong.md and docs/what-was-measured.md`,
    );
  } else {
    console.error(`error: ${publication.reason}`);
    process.exitCode = 2;
  }
}
