import type { BrowserFinder, BrowserTarget } from "./browser.ts";
import { chrome } from "./chrome.ts";
import { firefox } from "./firefox.ts";
import { remote } from "./remote.ts";
import { webkit } from "./webkit.ts";

/** The browsers that can be found and launched here, in display order. */
export const browserFinders: readonly BrowserFinder[] = [chrome, firefox, webkit];

/** The ids that a complete run needs on this platform. WebKitGTK exists on Linux only; Safari is not it. */
export function requiredBrowsers(platform: NodeJS.Platform = process.platform): readonly string[] {
  return platform === "linux" ? ["chrome", "firefox", "webkit"] : ["chrome", "firefox"];
}

/** What somebody chose on the command line. */
export type BrowserChoice =
  | { readonly kind: "installed"; readonly finder: BrowserFinder }
  | { readonly kind: "binary"; readonly finder: BrowserFinder; readonly path: string }
  | { readonly kind: "remote"; readonly id: string; readonly address: URL };

/** Reads `name`, `name=/path/to/binary` or `name@URL`. Throws a sentence that names the value and what is allowed. */
export function parseBrowser(spec: string): BrowserChoice {
  const [, name = "", sign, rest = ""] = /^([^=@]*)(?:([=@])(.*))?$/s.exec(spec) ?? [];
  if (sign === "@")
    return { kind: "remote", id: parseId(name, spec), address: parseAddress(rest, spec) };
  const finder = browserFinders.find(({ id }) => id === name);
  if (finder === undefined) {
    const names = browserFinders.map(({ id }) => id).join(", ");
    throw new Error(
      `"${spec}" is not a browser: there is no "${name}". ` +
        `Use ${names}, one of them with "=" and the path of a binary, or any name with "@" and an address.`,
    );
  }
  if (sign === undefined) return { kind: "installed", finder };
  if (rest === "") throw new Error(`"${spec}" names no binary. Use ${name}=/path/to/binary.`);
  return { kind: "binary", finder, path: rest };
}

/** The chosen browser, or null when it is not installed. Rejects when a named binary cannot be one. */
export async function findChoice(choice: BrowserChoice): Promise<BrowserTarget | null> {
  switch (choice.kind) {
    case "installed":
      return await choice.finder.find();
    case "binary":
      return await choice.finder.at(choice.path);
    case "remote":
      return remote(choice.id, choice.address);
  }
}

function parseId(name: string, spec: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return name;
  throw new Error(
    `"${spec}" needs a name before the "@", in small letters, digits and hyphens, such as safari.`,
  );
}

function parseAddress(text: string, spec: string): URL {
  const address = URL.parse(text);
  if (address !== null && /^(https?|wss?):$/.test(address.protocol)) return address;
  throw new Error(
    `"${text}" in "${spec}" is not an address. Use http://host:port of a WebDriver or of DevTools, ` +
      "or ws://host:port/devtools/browser/… of DevTools.",
  );
}
