import { homedir } from "node:os";
import { join } from "node:path";

import { getInstalledBrowsers, type Browser } from "@puppeteer/browsers";

/** Where Puppeteer keeps what it downloads (https://pptr.dev/guides/configuration). */
export function puppeteerCache(): string {
  return process.env["PUPPETEER_CACHE_DIR"] ?? join(homedir(), ".cache", "puppeteer");
}

/** What Puppeteer downloaded of a browser, newest first. */
export async function downloaded(browser: Browser): Promise<readonly string[]> {
  const all = await getInstalledBrowsers({ cacheDir: puppeteerCache() });
  return all
    .filter((installed) => installed.browser === browser)
    .toSorted((a, b) => b.buildId.localeCompare(a.buildId, "en", { numeric: true }))
    .map((installed) => installed.executablePath);
}
