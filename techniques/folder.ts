import type { Technique } from "./technique.ts";

/** Where a technique's files are. `directory` holds a folder for each technique, and ends with a slash. */
export function folderOf(
  { id, folder = id }: Pick<Technique, "id" | "folder">,
  directory: URL,
): URL {
  return new URL(`${folder}/`, directory);
}
