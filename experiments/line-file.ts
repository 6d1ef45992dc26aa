import { closeSync, fdatasync, openSync, writeSync } from "node:fs";

/**
 * A file that lines are appended to. A line is safe from the end of this process when `append` returns,
 * and soon afterwards from a power cut. What cannot be written is kept, and tried again with the next line.
 */
export class LineFile implements Disposable {
  readonly #file: number;
  readonly #onTrouble: (error: unknown) => void;
  #pending: Buffer = Buffer.alloc(0);
  #isTroubled = false;
  #syncing = false;
  #isClosed = false;

  /**
   * Opens a file for its owner's eyes only. `flags` "ax": it must not be there. `onTrouble` is told when
   * a line could not be written, once until one could again.
   */
  constructor(path: string, flags: "ax" | "a", onTrouble: (error: unknown) => void) {
    this.#file = openSync(path, flags, 0o600);
    this.#onTrouble = onTrouble;
  }

  /** How many lines wait to be written, after another try. */
  get unwritten(): number {
    this.#write();
    return this.#pending.filter((byte) => byte === 0x0a).length;
  }

  /** Appends a line, which has no line break in it. Never throws. */
  append(line: string): void {
    this.#pending = Buffer.concat([this.#pending, Buffer.from(`${line}\n`)]);
    this.#write();
  }

  #write(): void {
    if (this.#pending.length === 0) return;
    try {
      while (this.#pending.length > 0) {
        // A disk that becomes full takes a part, and what follows has to begin where that ended.
        this.#pending = this.#pending.subarray(writeSync(this.#file, this.#pending));
      }
      this.#isTroubled = false;
      this.#sync();
    } catch (error) {
      if (!this.#isTroubled) this.#onTrouble(error);
      this.#isTroubled = true;
    }
  }

  /** Off the main thread, and never twice at once: measuring does not wait for a disk. */
  #sync(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    fdatasync(this.#file, () => {
      this.#syncing = false;
      if (this.#isClosed) closeSync(this.#file);
    });
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#write();
    this.#isClosed = true;
    if (!this.#syncing) closeSync(this.#file);
  }
}
