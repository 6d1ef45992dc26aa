import { execFile } from "node:child_process";
import { join } from "node:path";

import { isExecutable, onPath } from "./executable.ts";

/** Programs of the system that the project uses beside the browsers. */
export type ToolId = "certutil" | "pk12util" | "nginx";

/** A tool that runs. */
export interface Tool {
  readonly path: string;
  /** Its name, and its version where it says one: "nginx/1.22.1", "certutil". */
  readonly product: string;
}

/** The tools that a complete run needs on this platform. For Windows nobody packages NSS's certutil. */
export function requiredTools(platform: NodeJS.Platform = process.platform): readonly ToolId[] {
  return platform === "win32" ? [] : ["certutil", "nginx"];
}

/** The first of that name that runs, or null. It may be outside of the `PATH`, which often lacks the sbin folders. */
export async function findTool(
  id: ToolId,
  candidates: readonly string[] = [...onPath([id]), ...inSystemFolders(id)],
): Promise<Tool | null> {
  for (const path of candidates) {
    const tool = await openTool(id, path);
    if (tool !== null) return tool;
  }
  return null;
}

/** The tool at `path`, or null when what is there is not this tool or does not run. */
export async function openTool(id: ToolId, path: string): Promise<Tool | null> {
  if (!(await isExecutable(path))) return null;
  const { question, answer } = introductions[id];
  const match = answer.exec(await ask(path, question));
  return match === null ? null : { path, product: match[1] ?? id };
}

function inSystemFolders(id: ToolId): readonly string[] {
  return ["/usr/local/sbin", "/usr/sbin", "/sbin"].map((folder) => join(folder, id));
}

/** How a tool is recognised; the first group is its product. Windows has another certutil. */
const introductions: Readonly<
  Record<ToolId, { readonly question: string; readonly answer: RegExp }>
> = {
  certutil: { question: "-H", answer: /Create a new certificate database/ },
  pk12util: { question: "-H", answer: /^Usage:\s+pk12util/m },
  nginx: { question: "-v", answer: /version: (\S+)/ },
};

/** What it prints. The exit code tells nothing: certutil's is 1 when it was asked for help. */
function ask(path: string, question: string): Promise<string> {
  const limits = { timeout: 20_000, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    execFile(path, [question], limits, (_, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}
