import type { Point } from "../../model/lab-api.ts";
import type { BrowserIdentity, Profile, ProfileName } from "../../model/results.ts";

/** A browser on this machine or elsewhere, ready to be launched. */
export interface BrowserTarget {
  /** Name on the command line: "chrome", "firefox", "webkit". */
  readonly id: string;
  /** Where it is, for people: a path or an address. */
  readonly location: string;
  /**
   * Starts a fresh browser with an empty profile and one blank tab.
   * Rejects with a sentence that says what failed if it does not start within `timeoutMs`, and leaves
   * nothing behind; with an UnsupportedError when this browser cannot be what `options` ask for.
   */
  launch(options: LaunchOptions): Promise<BrowserSession>;
}

export interface LaunchOptions {
  readonly headless: boolean;
  readonly timeoutMs: number;
  /** Which of its own settings the browser gets before it starts. */
  readonly profile: ProfileName;
  readonly trust: Trust;
  /** Domains, "example.com", all of whose names at any depth are to mean this machine, without DNS. */
  readonly loopbackDomains: readonly string[];
  /**
   * "allowed": pages that ask for Storage Access get it, as from a user who says yes; where the browser
   * knows a way to be told so, which is among the means of its profile. Absent: as it comes.
   */
  readonly storageAccess?: "allowed";
  /**
   * Shown without a question to every server that asks for one of its authority's, as if the browser's
   * user, or who administers it, had installed it and said so. Null: there is none, and the browser is
   * not to ask its user for one either. Absent: no server will ask.
   */
  readonly clientCertificate?: ClientCertificate | null;
  /**
   * Called with every line of the browser's console, its own ones too, and with the address that the
   * console shows beside it. Lines may hold what pages were given. Absent: nobody listens, and nothing
   * is set up for it. Whether anything can be heard is in `BrowserSession.console`.
   */
  readonly onConsole?: (text: string) => void;
}

/** What of a browser's console can be heard, and by which means; or why nothing. In words, as sentence parts. */
export type ConsoleSource =
  | { readonly heard: true; readonly means: string }
  | { readonly heard: false; readonly reason: string };

/** A client's certificate and its key, in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Whose certificates are trusted, by the browser's real means. */
export type Trust =
  /** Those that the browser trusts anyway. */
  | { readonly kind: "default" }
  /** Any, as the W3C capability `acceptInsecureCerts` says. */
  | { readonly kind: "accept-any" }
  /** The one that the server at this https URL presents, as if a user had accepted it at the browser's warning there. */
  | { readonly kind: "exception"; readonly url: URL }
  /** Those of an authority, given as PEM, as if its user had installed it. */
  | { readonly kind: "authority"; readonly certificate: string };

/** What was asked of a browser is beyond it, or beyond what can be arranged here; the message says why, as a sentence part. */
export class UnsupportedError extends Error {
  override name = "UnsupportedError";
}

/** A running browser. What you hold has started; disposing of it ends every process and removes every file. */
export interface BrowserSession extends AsyncDisposable {
  /** All but the user agent string, which the lab learns from the browser's own requests. */
  readonly identity: Omit<BrowserIdentity, "userAgent">;
  /** The settings that this session really has. */
  readonly profile: Profile;
  /** The dialogs that came up so far and were dismissed, in words. Grows. */
  readonly dialogs: readonly string[];
  /** Whether `LaunchOptions.onConsole` is called, whether it was given or not. */
  readonly console: ConsoleSource;
  /** The process to blame, when there is one on this machine. A restart changes it. */
  readonly pid: number | null;
  /** Resolves, with the reason in words, when the browser or its tab is gone. Never rejects. */
  readonly gone: Promise<string>;
  /** Opens `url` in the foreground tab and resolves when it has loaded. Rejects if it cannot. */
  open(url: URL): Promise<void>;
  /** Clicks there, as a user does: a gesture for whatever document is there, in frames too. */
  click(point: Point): Promise<void>;
  /**
   * Opens `url` in another tab, which is the foreground tab from then on: for `open`, `click`, `dialogs`
   * and `gone`. The tab before stays open behind it, and older ones are closed. It is a window of its own
   * where the driver opens tabs in the background only. Rejects as `open` does; with an UnsupportedError
   * when there is no way to it.
   */
  openTab(url: URL): Promise<void>;
  /**
   * Quits the browser as its user does, and starts it again with the profile that it left and one blank
   * tab. `gone` stays silent meanwhile. Rejects with an UnsupportedError, and changes nothing, when no
   * profile can be kept; with another error when the browser is lost by it, which `gone` then tells too.
   */
  restart(): Promise<void>;
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
