import type { PageCredential } from "../../techniques/connect.ts";
import type { Comparison, Round, RoundGroup } from "./comparison.ts";
import type { LoadCase, LoadRound, LoadTasks } from "./load-case.ts";
import type { BareTasks } from "./bare-server.ts";
import type { Orders } from "../orders.ts";
import type { Running } from "./processes.ts";

/** How large the rounds are. */
export interface RoundSizes {
  /** How many groups of rounds are measured. */
  readonly groups: number;
  /** How many are made before, and not counted: processes learn what they are about. */
  readonly warmUps: number;
  /** How long a round is to take, about. */
  readonly roundMs: number;
  /** No round has more connections, nor less than a tenth of them. */
  readonly maxConnections: number;
  /** How many connections are open at a time. */
  readonly concurrency: number;
}

/** What is asked of every server. */
type AnyServer = Pick<Running<Orders>, "processorMs">;

/** What is compared with the bare server. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly server: AnyServer;
  readonly load: Omit<LoadCase, "credentials" | "standIn">;
  /** Tokens that nobody has presented yet, or those that there are. */
  credentials(count: number): Promise<LoadCase["credentials"]>;
  /** Whether there is to be a bare server of the same transport and messages, where these are not its own. */
  readonly wantsTwin: boolean;
}

/** The yardstick. */
export interface Bare {
  readonly server: Running<BareTasks & Orders>;
  /** Its addresses, `ws:` and `wss:`. */
  endpoint(scheme: "ws" | "wss"): string;
}

/** What rounds are made with. */
export interface Field {
  readonly client: Running<LoadTasks & Orders>;
  readonly bare: Bare;
  readonly sizes: RoundSizes;
  readonly signal: AbortSignal;
}

/** Has connections made to the bare server and to the subject in turn, this one first and then that one. */
export async function compare(field: Field, subject: Subject): Promise<Comparison> {
  const { bare, sizes } = field;
  const { id, title, server, load } = subject;
  const own = async (count: number): Promise<MadeRound> =>
    await makeRound(field, server, {
      ...load,
      standIn: null,
      credentials: await subject.credentials(count),
    });
  const open = (endpoint: string) => (count: number) =>
    makeRound(field, bare.server, {
      ...load,
      technique: null,
      endpoint,
      standIn: null,
      certificate: {},
      credentials: Array.from({ length: count }, nobody),
    });
  const plain = open(bare.endpoint("ws"));
  const least = Math.ceil(sizes.maxConnections / 10);
  const tried = await own(least);
  const { dialogue } = tried;
  const isSecure = load.endpoint.startsWith("wss:");
  const asBare = (await plain(least)).dialogue;
  const messages = { client: dialogue.questions, server: dialogue.answers.length };
  const isLonger =
    messages.client !== asBare.questions || messages.server !== asBare.answers.length;
  const index =
    subject.wantsTwin && (isSecure || isLonger)
      ? await bare.server.ask("dialogue", dialogue)
      : null;
  const standIn = `${bare.endpoint(isSecure ? "wss" : "ws")}?dialogue=${index}`;
  const twin = async (count: number): Promise<MadeRound> =>
    await makeRound(field, bare.server, {
      ...load,
      standIn,
      credentials: await subject.credentials(count),
    });
  const groups: RoundGroup[] = [];
  const count = { own: connectionsFor(tried, sizes), bare: sizes.maxConnections };
  for (let made = 0; made < sizes.warmUps + sizes.groups; made += 1) {
    field.signal.throwIfAborted();
    const rounds: Partial<Record<keyof RoundGroup, MadeRound>> = {};
    const order = ["bare", "own", "twin"] as const;
    for (const which of made % 2 === 0 ? order : order.toReversed()) {
      if (which === "own") rounds.own = await own(count.own);
      else if (which === "bare") rounds.bare = await plain(count.bare);
      else if (index !== null) rounds.twin = await twin(count.own);
    }
    if (rounds.bare === undefined || rounds.own === undefined) continue;
    count.own = connectionsFor(rounds.own, sizes);
    count.bare = connectionsFor(rounds.bare, sizes);
    if (made < sizes.warmUps) continue;
    groups.push({
      bare: rounds.bare.round,
      own: rounds.own.round,
      twin: rounds.twin?.round ?? null,
    });
  }
  return { id, title, messages, groups };
}

interface MadeRound extends Pick<LoadRound, "dialogue"> {
  readonly round: Round;
}

async function makeRound(
  { client, sizes: { concurrency } }: Field,
  server: AnyServer,
  load: LoadCase,
): Promise<MadeRound> {
  await client.ask("prepare", load);
  const before = server.processorMs();
  const made = await client.ask("run", concurrency);
  const after = server.processorMs();
  const { elapsedMs, connections } = made;
  const serverMs = before === null || after === null ? null : after - before;
  return {
    dialogue: made.dialogue,
    round: {
      rate: (1_000 * connections) / elapsedMs,
      serverMicros: serverMs === null ? null : (1_000 * serverMs) / connections,
      serverShare: serverMs === null ? null : serverMs / elapsedMs,
      clientMicros: (1_000 * made.processorMs) / connections,
      clientBusy: made.utilization,
    },
  };
}

function connectionsFor({ round: { rate } }: MadeRound, sizes: RoundSizes): number {
  const { maxConnections, roundMs } = sizes;
  const fitting = Math.round((rate * roundMs) / 1_000);
  return Math.min(maxConnections, Math.max(Math.ceil(maxConnections / 10), fitting));
}

function nobody(): PageCredential {
  return { user: "", token: "" };
}
