import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What npm printed, and how it ended. */
export interface NpmAnswer {
  readonly stdout: string;
  readonly exitCode: number;
}

const maxBuffer = 64 * 1024 * 1024;

/** Asks npm about a project, without a shell. Rejects when there is no npm; that it is not content is an answer. */
export async function askNpm(project: URL, args: readonly string[]): Promise<NpmAnswer> {
  // npm says where its own program is to what it runs; elsewhere, it has to be found.
  const own = process.env["npm_execpath"];
  const [file, first] = own === undefined ? ["npm", []] : [process.execPath, [own]];
  const options = {
    cwd: fileURLToPath(project),
    maxBuffer,
    shell: own === undefined && process.platform === "win32",
  };
  try {
    const { stdout } = await promisify(execFile)(file, [...first, ...args], options);
    return { stdout, exitCode: 0 };
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "number") {
      return { stdout: "stdout" in error ? String(error.stdout) : "", exitCode: error.code };
    }
    throw new Error(`npm could not be started: ${String(error)}`, { cause: error });
  }
}
