import { readFile } from "node:fs/promises";

/** The flags of Node that `npm start` starts the lab with: what is measured is started in the same way. */
export async function startFlags(): Promise<readonly string[]> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const content: unknown = JSON.parse(text);
  return flagsIn(startScript(content));
}

/** What stands between `node` and the file that it runs. Throws when that is not what a script does. */
export function flagsIn(script: string): readonly string[] {
  const [program, ...parts] = script.split(/\s+/u);
  const file = parts.findIndex((part) => !part.startsWith("-"));
  if (program !== "node" || file === -1) {
    throw new Error(`the start script of package.json ought to run a file with node: "${script}"`);
  }
  return parts.slice(0, file);
}

function startScript(content: unknown): string {
  if (typeof content === "object" && content !== null && "scripts" in content) {
    const { scripts } = content;
    if (typeof scripts === "object" && scripts !== null && "start" in scripts) {
      if (typeof scripts.start === "string") return scripts.start;
    }
  }
  throw new Error("package.json has no start script");
}
