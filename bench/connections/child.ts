/** What a process does when it is asked to, by name. Inputs and answers are plain data. */
export type Tasks = Readonly<Record<string, (input: never) => unknown>>;

/** What a process is asked. */
export interface Question {
  readonly number: number;
  readonly task: string;
  readonly input: unknown;
}

/** An answer, or why there is none. */
export type Reply =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly problem: string };

/** Tells who started this process that it is ready, and with what. */
export function announce(ready: object): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** Has this process do what it is asked to, and end with whoever asks. */
export function answerQuestions(tasks: Tasks): void {
  const reply = async ({ number, task, input }: Question): Promise<Reply> => {
    try {
      const wanted = tasks[task];
      if (wanted === undefined) throw new Error(`nobody does "${task}" here`);
      // Both ends are of one program, whose types agree.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return { number, answer: await wanted(input as never) };
    } catch (error) {
      return { number, problem: error instanceof Error ? error.message : String(error) };
    }
  };
  process.on("message", (question: Question) => {
    void reply(question).then((said) => process.send?.(said));
  });
  process.on("disconnect", () => process.exit());
}
