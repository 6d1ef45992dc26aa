import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LiveTask } from "../../model/lab-api.ts";
import type { PageCredential } from "../../techniques/connect.ts";
import { folderOf } from "../../techniques/folder.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { Technique } from "../../techniques/technique.ts";
import type { Benchmark } from "../benchmark.ts";
import type { BareTasks } from "./bare-server.ts";
import type { Orders } from "../orders.ts";
import { factsOf, type Comparison, type TechniqueFacts } from "./comparison.ts";
import { connectionFindings } from "./findings.ts";
import type { LabReady, LabTasks } from "./lab-server.ts";
import { user, type LoadTasks } from "./load-case.ts";
import { compareOthers } from "./other-servers.ts";
import { startProcess, staysOnCore, type Running } from "./processes.ts";
import { compare, type Field, type RoundSizes, type Subject } from "./rounds.ts";

const sizes: Readonly<Record<"full" | "small", RoundSizes>> = {
  full: { groups: 15, warmUps: 5, roundMs: 250, maxConnections: 2_000, concurrency: 16 },
  small: { groups: 2, warmUps: 1, roundMs: 30, maxConnections: 60, concurrency: 8 },
};
/** One of each kind. */
const few: ReadonlySet<string> = new Set([
  "query-parameter",
  "first-message",
  "ticket",
  "mqtt-connect",
]);
/** What is measured in a lab with all techniques too, and on attempts of it. */
const onceMore: ReadonlySet<string> = new Set(["query-parameter", "first-message"]);
/** The client has a core to itself where it can. */
const cores = { client: 0, servers: 1 } as const;
/** As many plans as the lab holds; an attempt that it has forgotten is one no more. */
const maxAttempts = 500;

/** How many authenticated connections a second, against `ws` without authentication. */
export const connections: Benchmark = {
  id: "connections",
  title: "Authenticated connections",
  page: "performance",
  cost: "About a quarter of an hour, with two cores busy; Python's websockets and Bun are measured too where they are installed.",
  isUsual: true,
  async measure({ size, onProgress, signal }) {
    await using folder = await mkdtempDisposable(join(tmpdir(), "bench-connections-"));
    await using client = await startProcess<LoadTasks & Orders>({
      name: "the client",
      file: "load.ts",
      core: cores.client,
    });
    const around = { client, folder: pathToFileURL(`${folder.path}/`), sizes: sizes[size], signal };
    const chosen = techniques.filter(({ id }) => size === "full" || few.has(id));
    const alone: (Comparison & TechniqueFacts)[] = [];
    for (const technique of chosen) {
      onProgress(`${technique.title}, ${alone.length + 1} of ${chosen.length}`);
      // Processes of its own: a compiler makes code slower for all when it has to suit several of them.
      await using servers = await startServers(around, [technique]);
      const { field, lab } = servers;
      const facts = factsOf(technique, await sourceOf(technique));
      alone.push({ ...(await compare(field, await subjectOf(technique, lab))), ...facts });
    }
    await using servers = await startServers(around, chosen);
    const { field, lab } = servers;
    onProgress("A lab that serves all techniques");
    for (const technique of chosen) {
      const once = { ...field, sizes: { ...field.sizes, groups: 0, warmUps: 1 } };
      await compare(once, await subjectOf(technique, lab));
    }
    const together: Comparison[] = [];
    const attempts: Comparison[] = [];
    const { concurrency, maxConnections } = field.sizes;
    const fewer = { ...field.sizes, maxConnections: Math.min(maxAttempts, maxConnections) };
    for (const technique of chosen.filter(({ id }) => onceMore.has(id))) {
      onProgress(`${technique.title}, in a lab that serves all techniques`);
      together.push(await compare(field, await subjectOf(technique, lab)));
      onProgress(`${technique.title}, on attempts`);
      const subject = await subjectOnAttempts(technique, lab);
      attempts.push(await compare({ ...field, sizes: fewer }, subject));
    }
    const inOnePacket = subjectInOnePacket(field, lab);
    onProgress(inOnePacket.title);
    const others = [
      { title: inOnePacket.title, own: await compare(field, inOnePacket), open: null },
      ...(await compareOthers(field, cores.servers, onProgress)),
    ];
    return connectionFindings({
      techniques: alone,
      together,
      attempts,
      servers: others,
      concurrency,
      pinned: staysOnCore,
    });
  },
};

interface Around extends Pick<Field, "client" | "sizes" | "signal"> {
  /** For certificates. */
  readonly folder: URL;
}

interface Servers extends AsyncDisposable {
  readonly field: Field;
  readonly lab: Running<LabTasks & Orders>;
}

/** A bare server and a lab with these techniques, neither of which has served anybody. */
async function startServers(
  { client, folder, sizes: size, signal }: Around,
  served: readonly Technique[],
): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const core = cores.servers;
  const bare = stack.use(
    await startProcess<BareTasks & Orders>({
      name: "the bare server",
      file: "bare-server.ts",
      parameters: [folder.href],
      core,
    }),
  );
  const lab = stack.use(
    await startProcess<LabTasks & Orders>({
      name: "the lab",
      file: "lab-server.ts",
      parameters: [folder.href, ...served.map(({ id }) => id)],
      core,
    }),
  );
  const ports: Readonly<Record<"ws" | "wss", number>> = JSON.parse(bare.ready);
  const endpoint = (scheme: "ws" | "wss"): string => `${scheme}://localhost:${ports[scheme]}/`;
  const moved = stack.move();
  return {
    field: { client, bare: { server: bare, endpoint }, sizes: size, signal },
    lab,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** The bare server once more, which says the handshake's answer and its greeting in one packet, as the lab does. */
function subjectInOnePacket({ bare }: Field, lab: Servers["lab"]): Subject {
  return {
    id: "in-one-packet",
    title: "ws without authentication, handshake's answer and greeting in one packet",
    server: bare.server,
    load: {
      technique: null,
      endpoint: `${bare.endpoint("ws")}in-one-packet`,
      origin: null,
      authority: null,
      certificate: {},
    },
    credentials: (count) => lab.ask("tokens", count),
    wantsTwin: false,
  };
}

async function subjectOf(technique: Technique, lab: Servers["lab"]): Promise<Subject> {
  const isSecure = technique.asksForCertificate === true;
  const { ports, authority }: LabReady = JSON.parse(lab.ready);
  const certificate = isSecure ? await lab.ask("certificate") : {};
  return {
    id: technique.id,
    title: technique.title,
    server: lab,
    load: {
      technique: technique.id,
      endpoint: addressOf(ports, technique.id, isSecure ? "wss" : "ws"),
      // A frame of the server's own origin is what opens it then.
      origin:
        technique.opener === "frame"
          ? null
          : new URL(addressOf(ports, "app", isSecure ? "https" : "http")).origin,
      authority: isSecure ? authority : null,
      certificate,
    },
    credentials: (tokens) => lab.ask("tokens", tokens),
    wantsTwin: true,
  };
}

/** As a visitor makes them by hand, one attempt a connection: what their servers see is all kept. */
async function subjectOnAttempts(technique: Technique, lab: Servers["lab"]): Promise<Subject> {
  const { ports }: LabReady = JSON.parse(lab.ready);
  const page = new URL("api/attempts", addressOf(ports, "app", "http"));
  const open = async (): Promise<PageCredential & { readonly endpoint: string }> => {
    const wish = { technique: technique.id, user, present: "fresh", singleUse: false };
    const response = await fetch(page, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
    });
    if (response.status !== 201) throw new Error(`the lab opened no attempt: ${response.status}`);
    const { endpoint, credential }: LiveTask = JSON.parse(await response.text());
    if (credential === null) throw new Error("the lab handed out no token");
    return { ...credential, endpoint };
  };
  const subject = await subjectOf(technique, lab);
  return {
    ...subject,
    title: `${technique.title}, on an attempt`,
    async credentials(count) {
      const opened: Awaited<ReturnType<typeof open>>[] = [];
      while (opened.length < count) opened.push(await open());
      return opened;
    },
    wantsTwin: false,
  };
}

function addressOf(
  ports: LabReady["ports"],
  name: string,
  scheme: "ws" | "wss" | "http" | "https",
): string {
  const found = new Map(ports).get(name);
  const port = scheme.endsWith("s") && scheme !== "ws" ? found?.wss : found?.ws;
  if (port === undefined || port === null) throw new Error(`the lab has no port for ${name}`);
  return `${scheme}://localhost:${port}/`;
}

async function sourceOf(technique: Technique): Promise<string> {
  return await readFile(new URL("server.ts", folderOf(technique, techniquesDirectory)), "utf8");
}
