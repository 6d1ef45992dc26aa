import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { defaultConfig } from "../../server/config.ts";
import type { BenchmarkSurroundings } from "../benchmark.ts";
import type { BareOrders } from "./bare-process.ts";
import type { ClientsOrders } from "./clients-process.ts";
import type { IdleOrders } from "./idle-process.ts";
import type { LabOrders } from "./lab-process.ts";
import type {
  Expiry,
  Measured,
  MeasuredConnections,
  MemoryAt,
  Round,
  RoundPair,
  Window,
} from "./measured.ts";
import { hire, type Hired } from "../orders.ts";
import { startFlags } from "./start-flags.ts";
import type { Sizes } from "./terms.ts";

/** Long enough that nothing runs out while it is measured. */
const longMs = 3_600_000;
/** How many different tokens the clients of a round have. */
const presented = 1_000;
/** How often the garbage of connections that were made before is collected. */
const warmUps = 10;
/** Within how much of the time that was needed before all has to be ready again. */
const patience = 2;
/** How long the dead may take to be dropped. */
const forgetPatienceMs = 30_000;

interface Crew {
  readonly sizes: Sizes;
  readonly connections: number;
  /** Of Node, for a lab. */
  readonly flags: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: BenchmarkSurroundings["onProgress"];
}

/** Starts labs, a bare server and clients in processes of their own, and measures. Rejects when one of them fails. */
export async function measureScale(
  sizes: Sizes,
  { onProgress, signal }: Pick<BenchmarkSurroundings, "onProgress" | "signal">,
): Promise<Measured> {
  const connections = sizes.steps.at(-1) ?? 0;
  const flags = await startFlags();
  const crew: Crew = { sizes, connections, flags, signal, onProgress };
  const { fillMs, ...first } = await measureFull(crew);
  const expiry = await measureExpiry(crew, fillMs);
  return {
    ...first,
    ...expiry,
    surroundings: {
      flags,
      memoryBytes: totalmem(),
      clientPorts: await clientPorts(),
      defaultConnections: defaultConfig.origin.maxConnections,
      defaultTokens: defaultConfig.tokens.capacity,
    },
  };
}

/** Fills a lab, and looks at what that has cost. */
async function measureFull(
  crew: Crew,
): Promise<Omit<Measured, "windows" | "expiry" | "surroundings"> & { readonly fillMs: number }> {
  const { sizes, connections, onProgress } = crew;
  await using lab = hireLab(crew);
  await using clients = hireClients(crew);
  // Not one more, so that every further token drives out the oldest: that has to be cheap, too.
  const size = labSize(crew, connections + sizes.tokens);
  const port = await lab.tell("start", size);
  const startedAt = performance.now();
  const secrets = await lab.tell("issue", {
    count: connections,
    lifetimeMs: longMs,
    wanted: connections,
  });
  const held = await holdConnections(crew, { lab, clients, port, secrets });
  const tokens: MemoryAt[] = [{ count: 0, memory: await lab.tell("memory") }];
  let wanted: readonly string[] = [];
  const quarters = 4;
  for (let quarter = 1; quarter <= quarters; quarter += 1) {
    onProgress(`tokens, ${quarter} of ${quarters}`);
    // oxlint-disable-next-line no-await-in-loop -- memory is looked at in between
    const more = await lab.tell("issue", {
      count: sizes.tokens / quarters,
      lifetimeMs: longMs,
      wanted: presented / quarters,
    });
    wanted = [...wanted, ...more];
    // oxlint-disable-next-line no-await-in-loop -- as above
    const memory = await lab.tell("memory");
    tokens.push({ count: (sizes.tokens / quarters) * quarter, memory });
  }
  const fillMs = performance.now() - startedAt;
  await using empty = hireLab(crew);
  await using walkers = hireClients(crew);
  const emptyPort = await empty.tell("start", size);
  const few = await empty.tell("issue", { count: 100, lifetimeMs: longMs, wanted: 100 });
  const rounds = await measureRounds(crew, walkers, {
    empty: { server: empty, way: { port: emptyPort, secrets: few } },
    full: { server: lab, way: { port, secrets: wanted } },
  });
  const { open } = await clients.tell("held");
  if (open !== connections) {
    throw new Error(`only ${open} of ${connections} connections were still open after the rounds`);
  }
  onProgress("operations of the token store");
  const operations = { empty: await empty.tell("operate"), full: await lab.tell("operate") };
  return {
    connections: held,
    tokens,
    rounds,
    operations,
    allowance: await lab.tell("allowance"),
    fillMs,
  };
}

interface Filling {
  readonly lab: Hired<LabOrders>;
  readonly clients: Hired<ClientsOrders>;
  readonly port: number;
  readonly secrets: readonly string[];
}

async function holdConnections(
  crew: Crew,
  { lab, clients, port, secrets }: Filling,
): Promise<MeasuredConnections> {
  const { sizes, signal, onProgress } = crew;
  await using bare = hire<BareOrders>(new URL("bare-process.ts", import.meta.url), signal);
  await using others = hireClients(crew);
  const barePort = await bare.tell("start");
  const way = { port, secrets: secrets.slice(0, 1) };
  const bareWay = { port: barePort, secrets: [] };
  // The first connections have code compiled and pools filled, which is no connection's own.
  for (let times = 0; times < warmUps; times += 1) {
    const count = sizes.cycles / warmUps;
    // oxlint-disable no-await-in-loop -- the garbage is collected in between
    await clients.tell("cycles", { way, count });
    await others.tell("cycles", { way: bareWay, count });
    await lab.tell("memory");
    await bare.tell("memory");
    // oxlint-enable no-await-in-loop
  }
  const held = { lab: [] as MemoryAt[], bare: [] as MemoryAt[] };
  let open = 0;
  for (const count of sizes.steps) {
    onProgress(`${count} connections`);
    const more = count - open;
    // oxlint-disable no-await-in-loop -- memory is looked at in between
    await clients.tell("hold", {
      way: { port, secrets: secrets.slice(open, count) },
      count: more,
    });
    await others.tell("hold", { way: bareWay, count: more });
    held.lab.push({ count, memory: await lab.tell("memory") });
    held.bare.push({ count, memory: await bare.tell("memory") });
    // oxlint-enable no-await-in-loop
    open = count;
  }
  for (const some of [clients, others]) {
    // oxlint-disable-next-line no-await-in-loop -- two of them
    const now = await some.tell("held");
    if (now.open !== open) {
      const ends = JSON.stringify(now.ends);
      throw new Error(
        `only ${now.open} of ${open} connections stayed open; by close code: ${ends}`,
      );
    }
  }
  return held;
}

interface RoundSide {
  readonly server: Hired<LabOrders>;
  readonly way: { readonly port: number; readonly secrets: readonly string[] };
}

async function measureRounds(
  { sizes, onProgress }: Crew,
  walkers: Hired<ClientsOrders>,
  sides: { readonly empty: RoundSide; readonly full: RoundSide },
): Promise<readonly RoundPair[]> {
  const round = async ({ server, way }: RoundSide): Promise<Round> => {
    const before = await server.tell("usage");
    const tookMs = await walkers.tell("cycles", { way, count: sizes.cycles });
    const after = await server.tell("usage");
    return {
      cycles: sizes.cycles,
      tookMs,
      processorMs: after.processorMs - before.processorMs,
      busyMs: after.busyMs - before.busyMs,
      idleMs: after.idleMs - before.idleMs,
    };
  };
  const pairs: RoundPair[] = [];
  // One round of each comes before those that count: code has to be compiled.
  for (let count = -1; count < sizes.rounds; count += 1) {
    onProgress(`rounds of handshakes, ${count + 1} of ${sizes.rounds}`);
    const order = count % 2 === 0 ? (["empty", "full"] as const) : (["full", "empty"] as const);
    const taken: { empty?: Round; full?: Round } = {};
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    for (const side of order) taken[side] = await round(sides[side]);
    const { empty, full } = taken;
    if (count >= 0 && empty !== undefined && full !== undefined) pairs.push({ empty, full });
  }
  return pairs;
}

/** Fills another lab with what all runs out at the same moment, and watches it. */
async function measureExpiry(
  crew: Crew,
  fillMs: number,
): Promise<{ readonly windows: readonly Window[]; readonly expiry: Expiry }> {
  const { sizes, connections, signal, onProgress } = crew;
  await using lab = hireLab(crew);
  await using clients = hireClients(crew);
  await using idle = hire<IdleOrders>(new URL("idle-process.ts", import.meta.url), signal);
  // With room for the new ones, so that the old ones go because they are dead, and for nothing else.
  const port = await lab.tell("start", labSize(crew, 2 * sizes.tokens + 1));
  const windows: Window[] = [];
  const watch = async <Result>(
    name: string,
    isExpiry: boolean,
    act: () => Promise<Result>,
  ): Promise<Result> => {
    onProgress(name);
    await Promise.all([lab.tell("watch"), idle.tell("watch")]);
    const from = performance.now();
    const result = await act();
    const tookMs = performance.now() - from;
    const [ofLab, ofIdle] = await Promise.all([
      lab.tell("stopWatching"),
      idle.tell("stopWatching"),
    ]);
    windows.push({ name, isExpiry, tookMs, lab: ofLab, idle: ofIdle });
    return result;
  };
  const runsOutAt = performance.now() + patience * fillMs + sizes.restMs + 1_000;
  const issue = (count: number, wanted: number, until = runsOutAt): Promise<readonly string[]> =>
    lab.tell("issue", { count, lifetimeMs: until - performance.now(), wanted });
  const secrets = await issue(connections, connections);
  await watch("connections are opened", false, () =>
    clients.tell("hold", { way: { port, secrets }, count: connections }),
  );
  await watch("tokens are made", false, () => issue(sizes.tokens - connections, 0));
  await watch("nothing happens but pings", false, () => delay(sizes.restMs, undefined, { signal }));
  const { open } = await clients.tell("held");
  if (open !== connections || performance.now() >= runsOutAt) {
    throw new Error(
      `only ${open} of ${connections} connections were open when their tokens were to run out: the machine was too slow`,
    );
  }
  // A little before, so that the very moment is in it.
  await delay(Math.max(0, runsOutAt - performance.now() - 200), undefined, { signal });
  const ends = await watch("all tokens run out, and the connections end", true, () =>
    clients.tell("whenAllHaveEnded"),
  );
  await delay(Math.max(0, runsOutAt + sizes.remembranceMs - performance.now()) + 50, undefined, {
    signal,
  });
  const left = await watch("the dead are dropped", true, () =>
    lab.tell("forgotten", forgetPatienceMs),
  );
  await watch("as many new ones are made", false, () =>
    issue(sizes.tokens, 0, performance.now() + longMs),
  );
  return { windows, expiry: { connections, ends, tokens: sizes.tokens, left } };
}

function hireLab({ signal, flags }: Crew): Hired<LabOrders> {
  return hire<LabOrders>(new URL("lab-process.ts", import.meta.url), signal, flags);
}

function hireClients({ signal }: Crew): Hired<ClientsOrders> {
  return hire<ClientsOrders>(new URL("clients-process.ts", import.meta.url), signal);
}

function labSize(
  { sizes, connections }: Crew,
  capacity: number,
): Parameters<LabOrders["start"]>[0] {
  return { connections, capacity, remembranceMs: sizes.remembranceMs };
}

/** https://docs.kernel.org/networking/ip-sysctl.html#ip-variables */
async function clientPorts(): Promise<number | null> {
  try {
    const text = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8");
    const [from, to] = text.trim().split(/\s+/u).map(Number);
    return from === undefined || to === undefined ? null : to - from + 1;
  } catch {
    return null;
  }
}
