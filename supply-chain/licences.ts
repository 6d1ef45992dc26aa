import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { LockedPackage } from "./lock-file.ts";

/** A licence that packages may have, as SPDX writes it: https://spdx.org/licenses/ */
export interface AllowedLicence {
  readonly expression: string;
  readonly why: string;
  /** Whether only what users do not need may have it. */
  readonly isForDevelopment?: true;
}

const notices = "asks for no more than its notice, which npm installs with the package";

/** Licences that packages may have; another one is somebody's to decide about. */
export const allowedLicences: readonly AllowedLicence[] = [
  { expression: "MIT", why: notices },
  { expression: "ISC", why: notices },
  { expression: "BSD-2-Clause", why: notices },
  { expression: "BSD-3-Clause", why: notices },
  { expression: "0BSD", why: "asks for nothing" },
  { expression: "Apache-2.0", why: `${notices}; grants patents` },
  { expression: "PSF-2.0", why: `${notices}: Python's, for what was ported from it` },
  { expression: "(MIT AND Zlib)", why: notices },
  { expression: "(MIT OR GPL-3.0-or-later)", why: "MIT is chosen" },
  {
    expression: "MPL-2.0",
    why: "asks for the source of changed files: it is used as it is, by tests",
    isForDevelopment: true,
  },
];

/** A package with its licence; null: neither the lock file nor the package says. */
export interface LicensedPackage extends LockedPackage {
  readonly licence: string | null;
}

const installed = z.object({
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  // How package.json was written before 2015, without an expression of SPDX.
  licenses: z.array(z.object({ type: z.string() })).optional(),
});

/** Looks up what the lock file does not say in the packages that are installed in a project. */
export async function withLicences(
  packages: readonly LockedPackage[],
  project: URL,
): Promise<readonly LicensedPackage[]> {
  return await Promise.all(
    packages.map(async (one) => {
      const licence = one.license ?? (await licenceOfInstalled(new URL(`${one.path}/`, project)));
      return { ...one, licence };
    }),
  );
}

/** Sentences about packages whose licence is not allowed; none: all are. */
export function licenceFaults(
  packages: readonly LicensedPackage[],
  allowed: readonly AllowedLicence[] = allowedLicences,
): readonly string[] {
  return packages.flatMap(({ name, version, licence, dev }) => {
    if (licence === null)
      return [`${name} ${version} does not say its licence: read its LICENSE file`];
    const found = allowed.find(({ expression }) => expression === licence);
    if (found === undefined) {
      return [
        `${name} ${version} has the licence ${licence}, which supply-chain/licences.ts does not allow`,
      ];
    }
    return found.isForDevelopment === true && !dev
      ? [`${name} ${version} has the licence ${licence}, which is allowed for development only`]
      : [];
  });
}

async function licenceOfInstalled(folder: URL): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(new URL("package.json", folder), "utf8");
  } catch {
    // A package for another platform is not installed.
    return null;
  }
  const { license, licenses } = installed.parse(JSON.parse(text));
  if (license !== undefined) return typeof license === "string" ? license : license.type;
  const types = licenses?.map(({ type }) => type) ?? [];
  return types.length === 0
    ? null
    : types.length === 1
      ? (types[0] ?? null)
      : `(${types.join(" OR ")})`;
}
