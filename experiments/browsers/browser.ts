import type { BrowserIdentity, Profile } from "../../model/results.ts";

/** A browser on this machine or elsewhere, ready to be launched. */
export interface BrowserTarget {
  /** Name on the command line: "chrome", "firefox", "webkit". */
  readonly id: string;
  /** Where it is, for people: a path or an address. */
  readonly location: string;
  /**
   * Starts a fresh browser with an empty profile and one blank tab.
   * Rejects with a sentence that says what failed if it does not start within `timeoutMs`, and leaves nothing behind.
   */
  launch(options: LaunchOptions): Promise<BrowserSession>;
}

export interface LaunchOptions {
  readonly headless: boolean;
  readonly timeoutMs: number;
  /** Whether certificates of unknown authorities are taken for good, as the W3C capability of this name says. */
  readonly acceptInsecureCerts: boolean;
}

/** A running browser. What you hold has started; disposing of it ends every process and removes every file. */
export interface BrowserSession extends AsyncDisposable {
  /** All but the user agent string, which the lab learns from the browser's own requests. */
  readonly identity: Omit<BrowserIdentity, "userAgent">;
  /** The settings that this session really has. */
  readonly profile: Profile;
  /** The process to blame, when there is one on this machine. */
  readonly pid: number | null;
  /** Resolves, with the reason in words, when the browser or its tab is gone. Never rejects. */
  readonly gone: Promise<string>;
  /** Opens `url` in the foreground tab and resolves when it has loaded. Rejects if it cannot. */
  open(url: URL): Promise<void>;
}

/** Looks for one browser on this machine. */
export interface BrowserFinder {
  readonly id: string;
  /** The product, for people: "Chrome or Chromium". */
  readonly title: string;
  readonly engine: string;
  /**
   * Null when it is not installed. Downloads nothing, opens no window.
   * Rejects when an environment variable names a binary that does not run.
   */
  find(): Promise<BrowserTarget | null>;
  /** A target for the binary that somebody named. Rejects when it is not an executable file, or does not say its version. */
  at(path: string): Promise<BrowserTarget>;
}
