import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { MeasuredServer } from "./findings.ts";
import { user } from "./load-case.ts";
import { startProcess } from "./processes.ts";
import { compare, type Field, type Subject } from "./rounds.ts";

/** A server that people choose instead. */
interface OtherServer {
  readonly title: string;
  readonly file: string;
  /** The programs that could run it, the first that can is taken; none: Node does. */
  readonly programs: readonly string[];
  /** Has a program say that it can. */
  readonly check: readonly string[];
  /** What to do about it when none can. */
  readonly remedy: string;
  /** The technique whose program presents a token to it. */
  readonly technique: string;
  /** Where it is open to everybody; null: nowhere. */
  readonly open: string | null;
}

const otherServers: readonly OtherServer[] = [
  {
    title: "Python websockets, query parameter",
    file: "python-server.py",
    // One that was installed besides has not what Debian's package gives to its own.
    programs: ["python3", "/usr/bin/python3"],
    check: ["-c", "import websockets"],
    remedy: "no python3 has the module websockets (Debian: apt-get install python3-websockets)",
    technique: "query-parameter",
    open: "/bare",
  },
  {
    title: "Bun's server, query parameter",
    file: "bun-server.ts",
    programs: ["bun"],
    check: ["--version"],
    remedy: "there is no bun here (npx -y -p bun npm run bench -- connections)",
    technique: "query-parameter",
    open: "/bare",
  },
  {
    title: "Socket.IO, auth",
    file: "socket-io-server.ts",
    programs: [],
    check: [],
    remedy: "",
    technique: "socket-io",
    open: null,
  },
];

const heldTokens = 100;
const checkMs = 10_000;
const run = promisify(execFile);

/** Compares each of the other servers that can be started with the bare one. */
export async function compareOthers(
  field: Field,
  core: number,
  onProgress: (title: string) => void,
): Promise<readonly MeasuredServer[]> {
  const measured: MeasuredServer[] = [];
  for (const other of otherServers) {
    onProgress(other.title);
    measured.push(await compareOther(field, core, other));
  }
  return measured;
}

async function compareOther(
  field: Field,
  core: number,
  { title, file, programs, check, remedy, technique, open }: OtherServer,
): Promise<MeasuredServer> {
  const program = await firstThatCan(programs, check);
  if (program === undefined && programs.length > 0) return { title, absent: remedy };
  const tokens = Array.from({ length: heldTokens }, () => randomBytes(25).toString("base64url"));
  await using server = await startProcess({
    name: title,
    file,
    ...(program !== undefined && { program }),
    environment: { TOKENS: JSON.stringify(Object.fromEntries(tokens.map((one) => [one, user]))) },
    core,
  });
  const { port, version } = readyOf(server);
  const subject = (path: string, presented: string | null): Subject => ({
    id: file,
    title,
    server,
    load: {
      technique: presented,
      endpoint: `ws://localhost:${port}${path}`,
      origin: null,
      authority: null,
      certificate: {},
    },
    credentials: async (count) =>
      Array.from({ length: count }, (_, at) => ({ user, token: tokens[at % heldTokens] ?? "" })),
    wantsTwin: false,
  });
  const own = await compare(field, subject("/", technique));
  const bare = open === null ? null : await compare(field, subject(open, null));
  return { title: `${title} (${version})`, own, open: bare };
}

async function firstThatCan(
  programs: readonly string[],
  check: readonly string[],
): Promise<string | undefined> {
  for (const program of programs) {
    try {
      await run(program, check, { timeout: checkMs });
      return program;
    } catch {
      // The next one may.
    }
  }
  return undefined;
}

function readyOf({ ready }: { readonly ready: string }): {
  readonly port: number;
  readonly version: string;
} {
  const { port, version }: { port?: unknown; version?: unknown } = JSON.parse(ready);
  if (typeof port !== "number" || typeof version !== "string") {
    throw new Error("a server announces its port and its version, and this one did not");
  }
  return { port, version };
}
