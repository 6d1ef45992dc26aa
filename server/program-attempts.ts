import type { Attempt } from "../model/observation.ts";
import type { AttemptPlan, Trial } from "../model/trial.ts";
import type { Attempts, OpenAttempt, PagePlace } from "./attempts.ts";
import { replay, type Recorder } from "./replay.ts";
import type { Stays } from "./stays.ts";

/** What programs need of the lab. */
export interface ProgramSurroundings {
  readonly attempts: Attempts;
  readonly stays: Pick<Stays, "whenGreeted" | "release">;
  readonly recorder: Pick<Recorder, "expect" | "get" | "forget">;
}

/** Attempts that are made while a page's connection is held. */
export interface MeanwhileAttempts {
  /** Resolves when the last one was made, and the page's connection let go. */
  readonly made: Promise<readonly Attempt[]>;
  /** Waits no longer for the page to be let in. */
  giveUp(): void;
}

/** A page waits longer for the end of a connection that is held meanwhile. */
const deadlineMs = 3_000;

/** Makes the attempts of a trial that no browser makes. */
export class ProgramAttempts {
  readonly #surroundings: ProgramSurroundings;

  constructor(surroundings: ProgramSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Has the connection of a trial's first attempt recorded, if a later one repeats it. */
  record({ attempts }: Pick<Trial, "attempts">, first: OpenAttempt): void {
    if (!attempts.some(({ present }) => present === "replayed")) return;
    this.#surroundings.recorder.expect(first.id);
  }

  /** Drops what was recorded of a trial's first attempt. */
  forget(first: OpenAttempt | null): void {
    if (first !== null) this.#surroundings.recorder.forget(first.id);
  }

  /** Repeats what a trial's first attempt put on the wire. */
  async make(plan: AttemptPlan, page: PagePlace, first: OpenAttempt): Promise<Attempt> {
    const { attempts, recorder } = this.#surroundings;
    const open = await attempts.open(plan, first.technique, page);
    const report = await replay(recorder.get(first.id), { endpoint: open.endpoint, deadlineMs });
    return await attempts.complete(open, report);
  }

  /** Waits for the page that made the first attempt to be let in, makes what is planned meanwhile, and lets it go. */
  whileHeld(plans: readonly AttemptPlan[], page: PagePlace, first: OpenAttempt): MeanwhileAttempts {
    const { stays } = this.#surroundings;
    const patience = new AbortController();
    const makeAll = async (): Promise<readonly Attempt[]> => {
      const made: Attempt[] = [];
      try {
        // Without it nothing would be made while that connection is open.
        if (!(await stays.whenGreeted(first.id, patience.signal))) return made;
        for (const plan of plans) made.push(await this.make(plan, page, first));
      } finally {
        stays.release(first.id);
      }
      return made;
    };
    const made = makeAll();
    // Whoever awaits it hears of a failure; when the trial ends before, nobody does.
    made.catch(() => {});
    return { made, giveUp: () => patience.abort() };
  }
}
