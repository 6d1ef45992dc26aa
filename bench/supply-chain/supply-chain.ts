import { type Audit, audit, unexplained } from "../../supply-chain/audit.ts";
import { billOfMaterials } from "../../supply-chain/bill-of-materials.ts";
import { decisionsAbout } from "../../supply-chain/decisions.ts";
import {
  allowedLicences,
  licenceFaults,
  type LicensedPackage,
  withLicences,
} from "../../supply-chain/licences.ts";
import { type LockFile, type Manifest, readSupplies } from "../../supply-chain/lock-file.ts";
import {
  agreementFaults,
  originFaults,
  scriptFaults,
  scripted,
} from "../../supply-chain/lock-faults.ts";
import type { Benchmark, Findings, Goal, Table } from "../benchmark.ts";

const project = new URL("../../", import.meta.url);

/** What the lab is made of besides its own code, and what is known of it. */
export const supplyChain: Benchmark = {
  id: "supply-chain",
  title: "Supply chain",
  page: "reliability",
  cost: "Seconds, and one question to npm's registry.",
  isUsual: false,
  async measure({ size, onProgress }) {
    const { manifest, lock } = await readSupplies(project);
    onProgress("writing a bill of materials");
    const bill = await billOfMaterials(project);
    onProgress("asking for known weaknesses");
    const answer: Audit =
      size === "full"
        ? await audit(project)
        : { state: "unasked", reason: "a small measurement asks nobody" };
    const direct = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    return supplyFindings({
      manifest,
      lock,
      packages: await withLicences(lock.packages, project),
      bill: { specVersion: bill.specVersion, components: bill.components.length },
      answer,
      decisions: await decisionsAbout(direct, project),
    });
  },
};

/** What was read and asked. */
export interface Supplies {
  readonly manifest: Manifest;
  readonly lock: LockFile;
  readonly packages: readonly LicensedPackage[];
  readonly bill: { readonly specVersion: string; readonly components: number };
  readonly answer: Audit;
  /** By the name of each package that package.json asks for. */
  readonly decisions: ReadonlyMap<string, readonly number[]>;
}

/** Goals and tables about the packages. */
export function supplyFindings(supplies: Supplies): Findings {
  const { manifest, lock, packages, bill, answer, decisions } = supplies;
  const withScript = scripted(lock);
  const unexplainedNames = [...decisions].flatMap(([name, own]) =>
    own.length === 0 ? [name] : [],
  );
  return {
    goals: [
      goal(
        "Every package is pinned by a SHA-512 and comes from a registry",
        `${packages.length} packages`,
        originFaults(lock),
      ),
      goal(
        "The lock file agrees with package.json",
        `${decisions.size} direct dependencies`,
        agreementFaults(lock, manifest),
      ),
      goal(
        "No package has an install script beyond those that somebody decided about",
        `${withScript.length} have one`,
        scriptFaults(lock, manifest),
      ),
      goal("Every licence is allowed", `${packages.length} packages`, licenceFaults(packages)),
      goal(
        "A decision names each direct dependency",
        `${decisions.size} direct dependencies`,
        unexplainedNames.map((name) => `no decision names ${name}`),
      ),
      {
        claim: "One command writes a bill of materials",
        measured: `CycloneDX ${bill.specVersion}, ${bill.components} packages`,
        isMet: bill.components > 0,
        why: null,
      },
      auditGoal(answer),
    ],
    tables: [
      {
        title: "Packages that an installation may have",
        headings: ["", "packages"],
        rows: [
          ["to run the lab", count(packages, ({ dev, optional }) => !dev && !optional)],
          [
            "to run the lab, for one platform only",
            count(packages, ({ dev, optional }) => !dev && optional),
          ],
          ["to develop it", count(packages, ({ dev, optional }) => dev && !optional)],
          [
            "to develop it, for one platform only",
            count(packages, ({ dev, optional }) => dev && optional),
          ],
        ],
      },
      licenceTable(packages),
      {
        title: "Install scripts",
        headings: ["package", "version", "may it run?"],
        rows: withScript.map(({ name, version = "" }) => [
          name,
          version,
          scriptWord(manifest.allowScripts[name]),
        ]),
      },
      {
        title: "Direct dependencies",
        headings: ["package", "version", "to", "licence", "decisions that name it"],
        rows: [...decisions].map(([name, own]) => directRow(name, own, packages, manifest)),
      },
    ],
    plots: [],
    notes: [
      "`npm run licences`, `npm run sbom` and `npm run audit` say the same in full.",
      ...withScript
        .filter(({ name }) => manifest.allowScripts[name] === true)
        .map(
          ({ name }) =>
            `What the install script of ${name} fetches is not pinned by the lock file.`,
        ),
      "Packages are counted by where they are installed: one that is there in two versions is two.",
    ],
  };
}

function goal(claim: string, measured: string, faults: readonly string[]): Goal {
  const [first] = faults;
  if (first === undefined)
    return { claim, measured: `${measured}, no exception`, isMet: true, why: null };
  return { claim, measured: `${measured}, ${faults.length} exceptions`, isMet: false, why: first };
}

function auditGoal(answer: Audit): Goal {
  const claim = "npm knows of no weakness that nobody has explained";
  if (answer.state === "unasked") {
    return { claim, measured: "not known", isMet: false, why: answer.reason };
  }
  const open = unexplained(answer.advisories);
  const known = answer.advisories.length;
  const why = open.map(({ id, name, severity }) => `${id} of ${name} (${severity})`).join(", ");
  return {
    claim,
    measured: `${known} known, ${open.length} of them not explained`,
    isMet: open.length === 0,
    why: open.length === 0 ? null : why,
  };
}

function licenceTable(packages: readonly LicensedPackage[]): Table {
  const groups = [...Map.groupBy(packages, ({ licence }) => licence ?? "unknown")];
  return {
    title: "Licences",
    headings: ["licence", "packages", "why it is allowed"],
    rows: groups
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([licence, own]) => {
        const allowed = allowedLicences.find(({ expression }) => expression === licence);
        return [licence, String(own.length), allowed?.why ?? "it is not"];
      }),
  };
}

function directRow(
  name: string,
  decisions: readonly number[],
  packages: readonly LicensedPackage[],
  { devDependencies }: Manifest,
): string[] {
  const found = packages.find(({ path }) => path === `node_modules/${name}`);
  const purpose = devDependencies[name] === undefined ? "run" : "develop";
  return [
    name,
    found?.version ?? "unknown",
    purpose,
    found?.licence ?? "unknown",
    decisions.length === 0 ? "none" : decisions.join(", "),
  ];
}

function scriptWord(allowed: boolean | undefined): string {
  return allowed === undefined ? "nobody decided" : allowed ? "yes" : "no";
}

function count(
  packages: readonly LicensedPackage[],
  matches: (one: LicensedPackage) => boolean,
): string {
  return String(packages.filter(matches).length);
}
