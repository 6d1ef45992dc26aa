import { resolve } from "node:path";
import { writeFile } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { audit, explainedAdvisories, unexplained } from "./audit.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { allowedLicences, licenceFaults, withLicences } from "./licences.ts";
import { readSupplies } from "./lock-file.ts";

const exitCodes = { well: 0, faults: 1, failed: 2 } as const;
const project = new URL("../", import.meta.url);

const program = new Command("node supply-chain/main.ts")
  .description("What the lab is made of besides its own code.")
  .exitOverride();

program
  .command("licences")
  .description("lists packages by licence, and fails on one that is not allowed")
  .action(async () => {
    const { lock } = await readSupplies(project);
    const packages = await withLicences(lock.packages, project);
    const groups = [...Map.groupBy(packages, ({ licence }) => licence ?? "unknown")];
    for (const [licence, own] of groups.toSorted(([, a], [, b]) => b.length - a.length)) {
      const why = allowedLicences.find(({ expression }) => expression === licence)?.why;
      console.log(`${licence}: ${own.length} (${why ?? "not allowed"})`);
      const names = own.map(({ name, version }) => `${name} ${version}`);
      console.log(`  ${[...new Set(names)].join(", ")}`);
    }
    complain(licenceFaults(packages));
  });

program
  .command("sbom")
  .description("writes a bill of materials in CycloneDX")
  .option("--output <file>", "where to", "sbom.cdx.json")
  .option("--omit-dev", "without what only development needs")
  .action(async ({ output, omitDev }: { output: string; omitDev?: true }) => {
    const bill = await billOfMaterials(project, { withDevelopment: omitDev !== true });
    const path = resolve(output);
    await writeFile(path, `${JSON.stringify(bill, null, 2)}\n`);
    console.log(
      `Written: ${path} (CycloneDX ${bill.specVersion}, ${bill.components.length} packages)`,
    );
  });

program
  .command("audit")
  .description("asks the registry for known weaknesses, and fails on one that nobody has explained")
  .action(async () => {
    const answer = await audit(project);
    if (answer.state === "unasked") throw new Error(answer.reason);
    for (const { id, name, severity, title } of answer.advisories) {
      const why = explainedAdvisories.find((one) => one.id === id)?.why;
      console.log(`${id}, ${name}, ${severity}: ${title}${why === undefined ? "" : ` (${why})`}`);
    }
    const ids = answer.advisories.map(({ id }) => id);
    const stale = explainedAdvisories.filter(({ id }) => !ids.includes(id));
    for (const { id } of stale) console.log(`${id} is explained, and no longer there`);
    console.log(`${answer.advisories.length} known weaknesses`);
    complain(
      unexplained(answer.advisories).map(({ id, name }) => `${id} of ${name} is not explained`),
    );
  });

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.well : exitCodes.failed;
  } else {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = exitCodes.failed;
  }
}

function complain(faults: readonly string[]): void {
  for (const fault of faults) console.error(`error: ${fault}`);
  if (faults.length > 0) process.exitCode = exitCodes.faults;
}
