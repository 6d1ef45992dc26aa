import type { Serial } from "../model/observation.ts";
import type { AttemptPlan } from "../model/trial.ts";
import { closeCodes } from "./conversation.ts";
import type { Tokens } from "./tokens.ts";

/** A connection whose user was greeted. */
export interface GreetedConnection {
  close(code: number, reason?: string): void;
  /** Resolves when the client has got the greeting, or is gone. */
  whenHeard(): Promise<void>;
  /** Resolves when it has closed. */
  readonly closed: Promise<void>;
}

/** What the lab must know of an attempt whose connection stays open. */
export interface StayingAttempt {
  readonly id: string;
  readonly given: Serial | null;
  readonly plan: Pick<AttemptPlan, "afterwards">;
  /** How long the token is good of an attempt that stays until it has run out, in milliseconds. */
  readonly lifetimeMs: number;
}

/** How an attempt that stays gets on. */
interface Stay extends StayingAttempt {
  readonly greeted: PromiseWithResolvers<GreetedConnection>;
}

/** How long a server may take to close a connection whose session is over, before the lab does. */
const usualGraceMs = 1_000;
const maxStays = 1_000;

/** Sees to what happens to connections that stay open after the greeting, and ends those that nothing else ends. */
export class Stays {
  readonly #stays = new Map<string, Stay>();
  readonly #tokens: Pick<Tokens, "revokeAll">;
  readonly #graceMs: number;

  constructor(tokens: Pick<Tokens, "revokeAll">, graceMs: number = usualGraceMs) {
    this.#tokens = tokens;
    this.#graceMs = graceMs;
  }

  /** Has an attempt that is about to be made looked after. */
  expect(attempt: StayingAttempt): void {
    const { afterwards = "goodbye" } = attempt.plan;
    if (!["stay", "be-revoked", "log-out", "hold"].includes(afterwards)) return;
    this.#stays.set(attempt.id, { ...attempt, greeted: Promise.withResolvers() });
    const [oldest] = this.#stays.keys();
    if (this.#stays.size > maxStays && oldest !== undefined) this.#stays.delete(oldest);
  }

  /** Takes note that the server has greeted the user of an attempt. */
  greeted(attemptId: string | null, connection: GreetedConnection): void {
    const stay = this.#find(attemptId);
    if (stay === undefined) return;
    void connection.whenHeard().then(() => this.#goOn(stay, connection));
  }

  #goOn(stay: Stay, connection: GreetedConnection): void {
    stay.greeted.resolve(connection);
    switch (stay.plan.afterwards) {
      case "be-revoked":
        if (stay.given !== null) this.#tokens.revokeAll(stay.given);
        return this.#endAfter(this.#graceMs, connection, "its token was revoked");
      case "stay":
        return this.#endAfter(stay.lifetimeMs + this.#graceMs, connection, "its token had run out");
      case undefined:
      case "goodbye":
      case "renew":
      case "renew-as-another":
      case "log-out":
      case "hold":
        return undefined;
    }
  }

  /** Takes note that the user of an attempt has logged out. */
  loggedOut(attemptId: string | null): void {
    const stay = this.#find(attemptId);
    if (stay?.plan.afterwards !== "log-out") return;
    void stay.greeted.promise.then((connection) =>
      this.#endAfter(this.#graceMs, connection, "its user had logged out"),
    );
  }

  /** Resolves with true once the user of an attempt was greeted, and with false if that takes too long. */
  async whenGreeted(attemptId: string, patience: AbortSignal): Promise<boolean> {
    const stay = this.#find(attemptId);
    if (stay === undefined) return false;
    const { promise, resolve } = Promise.withResolvers<false>();
    const giveUp = (): void => resolve(false);
    if (patience.aborted) giveUp();
    patience.addEventListener("abort", giveUp);
    const wasGreeted = await Promise.race([stay.greeted.promise.then(() => true), promise]);
    patience.removeEventListener("abort", giveUp);
    return wasGreeted;
  }

  /** Ends the connection of an attempt that was held, as a goodbye would. */
  release(attemptId: string): void {
    const stay = this.#find(attemptId);
    void stay?.greeted.promise.then((connection) => connection.close(closeCodes.normal));
    this.forget(attemptId);
  }

  /** Ends the care for an attempt. */
  forget(attemptId: string): void {
    this.#stays.delete(attemptId);
  }

  #find(attemptId: string | null): Stay | undefined {
    return attemptId === null ? undefined : this.#stays.get(attemptId);
  }

  #endAfter(ms: number, connection: GreetedConnection, although: string): void {
    const end = (): void =>
      connection.close(closeCodes.stillOpen, `still open although ${although}`);
    const timer = setTimeout(end, ms);
    void connection.closed.then(() => clearTimeout(timer));
  }
}
