import type { Response } from "express";
import { deviceOf } from "./addresses.ts";

/**
 * Large answers that are being made or were not read to their end yet, by the device that asked for them:
 * who asks for many and reads none would have them all in memory.
 */
export class UnreadAnswers {
  readonly #most: number;
  /** With the device that each is for. */
  readonly #answers = new Map<Response, string | null>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether one more may be made for whoever asked; one that may is counted until it was read, or `forget`. */
  admit(response: Response): boolean {
    const device = deviceOf(response.req.socket);
    let own = 0;
    for (const [answer, asker] of this.#answers) {
      // An answer that waits behind another one is not told that its connection has ended.
      if (answer.req.socket.destroyed && answer.headersSent) this.#answers.delete(answer);
      else if (asker === device) own += 1;
    }
    if (own >= this.#most) return false;
    this.#answers.set(response, device);
    response.once("close", () => {
      // What is still being made takes memory, also for who is gone.
      if (response.headersSent) this.#answers.delete(response);
    });
    return true;
  }

  /** Tells that an answer has been made and will not be sent, or could not be made. */
  forget(response: Response): void {
    this.#answers.delete(response);
  }
}
