import { z } from "zod";
import { readSupplies } from "./lock-file.ts";
import { type LicensedPackage, withLicences } from "./licences.ts";
import { askNpm } from "./npm.ts";

/** A bill of materials, as far as this project reads it; the rest is kept: https://cyclonedx.org/docs/1.5/json/ */
export interface BillOfMaterials {
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}

const component: z.ZodType<Component> = z.looseObject({
  "bom-ref": z.string(),
  name: z.string(),
  version: z.string(),
  purl: z.string().startsWith("pkg:npm/"),
  hashes: z.array(z.object({ alg: z.string(), content: z.string() })).exactOptional(),
  licenses: z.array(z.unknown()).exactOptional(),
});

const schema: z.ZodType<BillOfMaterials> = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string(),
  serialNumber: z.string().regex(/^urn:uuid:[\da-f-]{36}$/u),
  metadata: z.looseObject({ timestamp: z.iso.datetime(), component }),
  components: z.array(component),
  dependencies: z.array(
    z.object({ ref: z.string(), dependsOn: z.array(z.string()).exactOptional() }),
  ),
});

/**
 * Everything that an installation may have, by the lock file, whatever is installed: made by npm, with
 * the licences that the lock file does not tell and the project's own name, which npm takes for the
 * folder's. Rejects when npm cannot (it can since version 10).
 */
export async function billOfMaterials(
  project: URL,
  { withDevelopment = true }: { readonly withDevelopment?: boolean } = {},
): Promise<BillOfMaterials> {
  const { stdout, exitCode } = await askNpm(project, [
    "sbom",
    "--sbom-format=cyclonedx",
    "--sbom-type=application",
    "--package-lock-only",
    "--offline",
    ...(withDevelopment ? [] : ["--omit=dev"]),
  ]);
  if (exitCode !== 0) throw new Error(`npm sbom ended with ${exitCode}: it takes npm 10 or later`);
  const bill = schema.parse(JSON.parse(stdout));
  const { manifest, lock } = await readSupplies(project);
  const packages = await withLicences(lock.packages, project);
  const main = { ...bill.metadata.component, name: manifest.name };
  return {
    ...bill,
    metadata: { ...bill.metadata, component: main },
    components: bill.components.map((one) => withLicence(one, packages)),
  };
}

function withLicence(one: Component, packages: readonly LicensedPackage[]): Component {
  if (one.licenses !== undefined) return one;
  const known = packages.find(({ name, version }) => name === one.name && version === one.version);
  const licence = known?.licence ?? null;
  if (licence === null) return one;
  const said = /\s/u.test(licence) ? { expression: licence } : { license: { id: licence } };
  return { ...one, licenses: [said] };
}
