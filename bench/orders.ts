import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a process does when it is told to, by name. Inputs and results are plain data. */
export type Orders = Readonly<Record<string, (input: never) => unknown>>;

interface Order {
  readonly number: number;
  readonly name: string;
  readonly input: unknown;
}

type Outcome =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly problem: string };

/** Resolves with the order's result. Rejects with its error in words, or when the process has ended. */
export type Tell<All extends Orders> = <Name extends keyof All & string>(
  name: Name,
  ...input: Parameters<All[Name]>
) => Promise<Awaited<ReturnType<All[Name]>>>;

/** A process that takes orders. Disposing of it kills it. */
export interface Hired<All extends Orders> extends AsyncDisposable {
  readonly tell: Tell<All>;
}

/** Has this process do what it is told by the one that hired it, and end with that. */
export function obey(orders: Orders): void {
  const carryOut = async ({ number, name, input }: Order): Promise<Outcome> => {
    try {
      const order = orders[name];
      if (order === undefined) throw new Error(`there is no order "${name}"`);
      // Both ends are of one program, whose types agree.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return { number, result: await order(input as never) };
    } catch (error) {
      return { number, problem: error instanceof Error ? error.message : String(error) };
    }
  };
  process.on("message", (order: Order) => {
    void carryOut(order).then((outcome) => process.send?.(outcome));
  });
  process.on("disconnect", () => process.exit());
}

/** Starts `module`, which calls `obey`, in a process of its own, with these flags of Node. It is killed when the signal is aborted. */
export function hire<All extends Orders>(
  module: URL,
  signal: AbortSignal,
  flags: readonly string[] = [],
): Hired<All> {
  const child = fork(fileURLToPath(module), {
    execArgv: ["--expose-gc", ...flags],
    serialization: "advanced",
    signal,
    killSignal: "SIGKILL",
  });
  const name = module.pathname.replace(/^.*\//u, "");
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`${name} was stopped`, { cause })));
    child.once("exit", (code, killedBy) =>
      reject(new Error(`${name} has ended on its own: ${killedBy ?? `exit code ${code}`}`)),
    );
  });
  return { tell: tellTo(name, child, ended), [Symbol.asyncDispose]: () => kill(child) };
}

/** How orders are given to a process that calls `obey`. `ended` rejects once that has ended. */
export function tellTo<All extends Orders>(
  name: string,
  child: ChildProcess,
  ended: Promise<never>,
): Tell<All> {
  // Whoever waits for a result hears of it.
  ended.catch(() => {});
  const waiting = new Map<number, (outcome: Outcome) => void>();
  child.on("message", (outcome: Outcome) => waiting.get(outcome.number)?.(outcome));
  let told = 0;
  return async <Name extends keyof All & string>(
    order: Name,
    ...[input]: Parameters<All[Name]>
  ): Promise<Awaited<ReturnType<All[Name]>>> => {
    told += 1;
    const number = told;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    waiting.set(number, resolve);
    child.send({ number, name: order, input } satisfies Order);
    const outcome = await Promise.race([promise, ended]);
    waiting.delete(number);
    if ("problem" in outcome) throw new Error(`${name}, ${order}: ${outcome.problem}`);
    // Both ends are of one program, whose types agree.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return outcome.result as Awaited<ReturnType<All[Name]>>;
  };
}

/** Ends a process, if it has not ended, and waits until it has. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
