import { readdir, readFile } from "node:fs/promises";

/** By the name of each package that package.json asks for, the numbers of the decisions that name it. */
export async function decisionsAbout(
  names: readonly string[],
  project: URL,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const folder = new URL("docs/decisions/", project);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".md")).toSorted();
  const decisions = await Promise.all(
    files.map(async (name) => {
      return {
        number: Number.parseInt(name, 10),
        text: await readFile(new URL(name, folder), "utf8"),
      };
    }),
  );
  return new Map(
    names.map((name) => [
      name,
      decisions.filter(({ text }) => text.includes(`\`${name}\``)).map(({ number }) => number),
    ]),
  );
}
