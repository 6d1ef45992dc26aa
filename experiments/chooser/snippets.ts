import { readFile } from "node:fs/promises";
import { folderOf } from "../../techniques/folder.ts";
import type { Technique } from "../../techniques/technique.ts";

/** One half of a technique, as it ran. */
export interface Snippet {
  /** Below the techniques' directory: "query-parameter/server.ts". */
  readonly path: string;
  readonly role: string;
  readonly source: string;
}

/** Reads both halves of a technique. */
export type ReadSnippets = (id: string) => Promise<readonly Snippet[]>;

/** Reads the halves of these techniques from their folders; rejects for any other technique. */
export function snippetsOf(techniques: readonly Technique[], directory: URL): ReadSnippets {
  return async (id) => {
    const technique = techniques.find((one) => one.id === id);
    if (technique === undefined) throw new Error(`there is no technique ${id}`);
    const { folder = id, browser = "browser.ts" } = technique;
    const halves = [
      { name: "server.ts", role: "The server's half" },
      { name: browser, role: "The browser's half" },
    ];
    return await Promise.all(
      halves.map(async ({ name, role }) => {
        const source = await readFile(new URL(name, folderOf(technique, directory)), "utf8");
        return { path: `${folder}/${name}`, role, source };
      }),
    );
  };
}
