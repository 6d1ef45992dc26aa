import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import type { JudgedTrial } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import type { Laboratory } from "./app.ts";
import { homeFor, localHome, type WalkHome } from "./host-names.ts";
import { needsOwnHost } from "./shared-host.ts";
import { needsSecureContext } from "../techniques/needs-secure-context.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Walk, Walks } from "./walks.ts";

/** As many as there are walks. */
const maxVisits = 100;

/** Of one other device: it makes room for its newest itself, and nobody else for it. */
const maxVisitsPerDevice = 10;

/** A phone in a pocket is silent for a while; a walk that nobody goes on with would never end. */
const silenceLimitMs = 300_000;

/** What visits are made of. */
export interface VisitSurroundings {
  readonly walks: Pick<Walks, "start" | "forget">;
  readonly laboratory: Pick<Laboratory, "plan" | "judge">;
  readonly techniques: readonly Technique[];
  /** As in LabConfig. */
  readonly names: string | null;
}

/**
 * What everybody may know of a visit: whoever knows the walk's own id can take part in it, or end it, and
 * it is in the names of its hosts.
 */
export function publicIdOf({ id }: Pick<Walk, "id">): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 16);
}

/** A text about a visit, its hosts included, with the public id instead of the walk's own. */
export function concealed(walk: Pick<Walk, "id">, text: string): string {
  return text.replaceAll(walk.id, publicIdOf(walk));
}

/** The name of a visit's run on pages. */
export function visitKey(walk: Pick<Walk, "id">): string {
  return `visit-${publicIdOf(walk)}`;
}

/**
 * The walks that a person started, kept apart from those of experiments. Emits `visit` when there is one
 * or something new is known of its browser, `trial` when one of its trials has ended, and `end` when all
 * have. Only the last 100 are kept.
 */
export class Visits extends EventEmitter<{
  visit: [walk: Walk];
  trial: [walk: Walk, index: number];
  end: [walk: Walk];
}> {
  readonly #surroundings: VisitSurroundings;
  readonly #silenceLimitMs: number;
  readonly #walks = new Map<string, Walk>();
  /** The address of the device that each came from; null: this machine. */
  readonly #devices = new WeakMap<Walk, string | null>();
  #plan: readonly Trial[] | undefined;
  /** What ends the watch over each. */
  readonly #unfollow = new Map<Walk, () => void>();

  constructor(surroundings: VisitSurroundings, silenceMs: number = silenceLimitMs) {
    super();
    this.#surroundings = surroundings;
    this.#silenceLimitMs = silenceMs;
  }

  /**
   * Starts the walk of a visitor who came by this host name; null where trials could have no pages.
   * `device`: as `deviceOf` says it.
   */
  start(
    hostname: string,
    userAgent: string | null = null,
    device: string | null = null,
  ): Walk | null {
    const home = homeFor(hostname, this.#surroundings.names);
    return home && this.startAt(home, userAgent, device);
  }

  /** Starts the walk of a visitor. */
  startAt(home: WalkHome, userAgent: string | null = null, device: string | null = null): Walk {
    const { walks, laboratory, techniques } = this.#surroundings;
    this.#makeRoom(device);
    // It takes a while, and is the same for everybody.
    this.#plan ??= laboratory.plan();
    const walk = walks.start(this.#plan, "results", null, {
      ...home,
      needsOwnHost: (trial) =>
        needsOwnHost(
          trial,
          techniques.find(({ id }) => id === trial.technique),
        ),
    });
    if (home.names !== localHome.names) {
      walk.exclude(({ technique }) => {
        const reason = needsSecureContext({ id: technique });
        return reason && `${reason}; pages that another device gets are no secure context`;
      });
    }
    walk.userAgent = userAgent;
    this.#walks.set(walk.id, walk);
    this.#devices.set(walk, device);
    this.#follow(walk);
    this.emit("visit", walk);
    return walk;
  }

  get(id: string): Walk | undefined {
    return this.#walks.get(id);
  }

  /** The visit that everybody knows by this id. */
  known(publicId: string): Walk | undefined {
    return this.all().find((walk) => publicIdOf(walk) === publicId);
  }

  /** Oldest first. */
  all(): readonly Walk[] {
    return [...this.#walks.values()];
  }

  /** What was observed of one technique so far; undefined: nothing. */
  evidence(walk: Walk, technique: string): readonly JudgedTrial[] | undefined {
    const trials = walk.ended
      .filter((trial) => trial.technique === technique)
      .map((trial) => ({ ...trial, verdict: this.#surroundings.laboratory.judge(trial) }));
    return trials.length === 0 ? undefined : trials;
  }

  /** Forgets the oldest visit of a device that has as many as it may, or of all when there are as many as there may be. */
  #makeRoom(device: string | null): void {
    const all = this.all();
    const own = all.filter((walk) => device !== null && this.#devices.get(walk) === device);
    const [oldest] = own.length >= maxVisitsPerDevice ? own : all.length >= maxVisits ? all : [];
    if (oldest === undefined) return;
    this.#walks.delete(oldest.id);
    this.#surroundings.walks.forget(oldest);
    this.#unfollow.get(oldest)?.();
  }

  #follow(walk: Walk): void {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const waitForNext = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        const seconds = this.#silenceLimitMs / 1_000;
        const reason = `nothing was heard of the visitor's browser for ${seconds} s`;
        walk.abandon({ outcome: "timeout", reason });
      }, this.#silenceLimitMs).unref();
    };
    const onPreflight = (): void => {
      waitForNext();
      this.emit("visit", walk);
    };
    const onTrial = (index: number): void => {
      this.emit("trial", walk, index);
      if (walk.endedAt === null) return;
      unfollow();
      this.emit("end", walk);
    };
    const unfollow = (): void => {
      clearTimeout(silence);
      walk.off("attempt", waitForNext).off("preflight", onPreflight).off("trial", onTrial);
      this.#unfollow.delete(walk);
    };
    this.#unfollow.set(walk, unfollow);
    waitForNext();
    walk.on("attempt", waitForNext).on("preflight", onPreflight).on("trial", onTrial);
  }
}
