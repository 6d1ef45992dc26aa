import { isDeepStrictEqual } from "node:util";
import type { LockedPackage, LockFile, Manifest } from "./lock-file.ts";

/** Sentences about packages whose bytes are not pinned, or that come from elsewhere than a registry; none: all is well. */
export function originFaults({ packages }: LockFile): readonly string[] {
  // npm can be told to leave `resolved` out: then a package is whatever has these bytes in the registry of whoever installs.
  const hosts = packages.flatMap(({ resolved }) => URL.parse(resolved ?? "")?.host ?? []);
  const usual = mostFrequent(hosts);
  // npm still writes it for what comes from git, a folder or an address.
  const isLeftOut = packages.some(({ link, resolved }) => !link && resolved === undefined);
  return packages.flatMap(({ path, link, integrity, resolved }) => {
    if (link) return [`${path} is a link to a folder`];
    const pinned = /^sha512-[\w+/]{86}==$/u.test(integrity ?? "")
      ? []
      : [`${path} is not pinned by a SHA-512`];
    if (resolved === undefined) return pinned;
    const url = URL.parse(resolved);
    const isOfRegistry =
      !isLeftOut && url?.protocol === "https:" && url.host === usual && url.hash === "";
    return isOfRegistry ? pinned : [...pinned, `${path} comes from elsewhere than the others`];
  });
}

/** Packages that run code when they are installed. */
export function scripted({ packages }: Pick<LockFile, "packages">): readonly LockedPackage[] {
  return packages.filter(({ hasInstallScript }) => hasInstallScript);
}

/** Sentences about install scripts that nobody decided about, and decisions about none; none: all is well. */
export function scriptFaults(
  lock: Pick<LockFile, "packages">,
  { allowScripts }: Pick<Manifest, "allowScripts">,
): readonly string[] {
  const names = new Set(scripted(lock).map(({ name }) => name));
  const decided = Object.keys(allowScripts);
  return [
    ...[...names]
      .filter((name) => !decided.includes(name))
      .map(
        (name) =>
          `${name} has an install script, and allowScripts in package.json does not say whether it may run`,
      ),
    ...decided
      .filter((name) => !names.has(name))
      .map((name) => `allowScripts in package.json names ${name}, which has no install script`),
  ];
}

/** Sentences about what package.json and the lock file tell differently; none: they agree. */
export function agreementFaults(lock: LockFile, manifest: Manifest): readonly string[] {
  const top = new Set(lock.packages.map(({ path }) => path));
  const direct = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return [
    ...(["name", "version"] as const)
      .filter((field) => lock[field] !== manifest[field])
      .map((field) => `the lock file has another ${field} than package.json: run npm install`),
    ...(["dependencies", "devDependencies"] as const)
      .filter((field) => !isDeepStrictEqual({ ...lock.root[field] }, { ...manifest[field] }))
      .map(
        (field) =>
          `the lock file was written for other ${field} than package.json has: run npm install`,
      ),
    ...direct
      .filter((name) => !top.has(`node_modules/${name}`))
      .map((name) => `${name} is in package.json, but not in the lock file: run npm install`),
  ];
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const groups = [...Map.groupBy(texts, (text) => text)];
  return groups.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
