import type { SiteFile } from "../server/site.ts";
import { type KeptFiles, openKeptFiles } from "./kept-files.ts";

/** What a site is drawn from, and how. */
export interface KeptSiteParts {
  /** Where drawn files are kept. */
  readonly directory: URL;
  /** Changes whenever that does which pages are drawn with. */
  readonly codeState: () => string;
  /** Changes whenever the results do. */
  readonly resultsState: () => Promise<string>;
  /** Loads what draws, which takes longer than all else. */
  readonly load: () => Promise<() => DrawnFiles>;
  /** Told once when nothing can be kept, in a sentence. */
  readonly onProblem: (sentence: string) => void;
}

/** A site of the results as they are. */
export interface DrawnFiles {
  /** Undefined when the site has no such file. */
  file(path: string): Promise<SiteFile | undefined>;
  /** False when something could not be read this time, and is not in the pages. */
  isWhole(): boolean;
}

/** A site whose files are drawn once, and not anew at each start. */
export interface KeptSite {
  /** As the code and the results are now. Null when the site has no such file. */
  file(path: string): Promise<SiteFile | null>;
  /** Keeps what was drawn since the last time. Never rejects. */
  keepDrawn(): Promise<void>;
}

interface Made {
  readonly code: string;
  readonly results: string;
  readonly kept: KeptFiles;
  readonly fresh: Map<string, SiteFile>;
  drawn: DrawnFiles | undefined;
}

/** Opens it. Neither results nor what draws them are read before something is asked for that is not kept. */
export function openKeptSite(parts: KeptSiteParts): KeptSite {
  const { directory, codeState, resultsState, load, onProblem } = parts;
  // Modules stay as they were loaded, after this.
  const loadedCode = codeState();
  let loaded: Promise<() => DrawnFiles> | undefined;
  let made: Made | undefined;
  let isTold = false;

  const look = async (): Promise<Made> => {
    const [code, results] = [codeState(), await resultsState()];
    if (made?.code !== code || made.results !== results) {
      const kept = openKeptFiles(directory, `${code}\n${results}`);
      made = { code, results, kept, fresh: new Map(), drawn: undefined };
    }
    return made;
  };
  // A page is followed by all its parts: they share a look.
  let looking: Promise<Made> | undefined;
  const current = (): Promise<Made> =>
    (looking ??= look().finally(() => {
      looking = undefined;
    }));

  return {
    async file(path) {
      const site = await current();
      const kept = await site.kept.read(path);
      if (kept !== undefined) return kept;
      try {
        const make = await (loaded ??= load());
        const drawn = (site.drawn ??= make());
        const file = await drawn.file(path);
        // Whether it is whole is known of the last ones that draw alone.
        if (file !== undefined && site.drawn === drawn) site.fresh.set(path, file);
        return file ?? null;
      } catch (error) {
        // What could not be read now may be whole the next time.
        site.drawn = undefined;
        site.fresh.clear();
        loaded = undefined;
        throw error;
      }
    },
    async keepDrawn() {
      const site = made;
      if (site === undefined || site.fresh.size === 0) return;
      const fresh = [...site.fresh];
      site.fresh.clear();
      try {
        // Nobody knows what is in pages that were drawn while the code or the results changed.
        const isSure =
          site.code === loadedCode &&
          site.drawn?.isWhole() === true &&
          codeState() === loadedCode &&
          (await resultsState()) === site.results;
        if (!isSure) return;
        for (const [path, file] of fresh) await site.kept.keep(path, file);
      } catch (error) {
        if (!isTold) onProblem(`drawn pages are not kept for the next start: ${String(error)}`);
        isTold = true;
      }
    },
  };
}
