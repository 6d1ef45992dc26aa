import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import puppeteer from "puppeteer";
import { chrome } from "../experiments/browsers/chrome.ts";
import { readHarness } from "../experiments/harness.ts";
import { createLaboratory } from "./laboratory.ts";
import { ConfigError, defaultConfig } from "../server/config.ts";
import { startLab } from "../server/lab.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { createLabSite } from "./lab-site.ts";
import { messageOf } from "./message-of.ts";

const pages: Readonly<Record<string, string>> = {
  compare: "/",
  "compare-filtered": "/index.html?placement=cross-site&scheme=wss",
  evidence:
    "/evidence.html?run=firefox&technique=user-information&scenario=rotation&placement=same-host&scheme=ws",
  try: "/try.html?technique=query-parameter",
  learn: "/learn.html",
  "learn-presented": "/learn.html?present",
  answers: "/answers.html",
  choose: "/choose.html",
  risks: "/risks.html",
  join: "/join.html",
  technique: "/techniques/subprotocol.html",
  live: "/?user=alice",
};
const widths: readonly number[] = [320, 1280, 2560];
const themes = ["light", "dark"] as const;
/** Of a long page, what is below that is more of the same. */
const maxHeight = 4_000;
/** The first page waits for all results to be read. */
const patienceMs = 120_000;

const program = new Command("npm run screenshots --")
  .description(
    "Takes pictures of the main pages, in light and dark, from a phone to a large screen.",
  )
  .option("--out <folder>", "where they go", "screenshots")
  .option("--page <name,…>", `some of: ${Object.keys(pages).join(", ")}`)
  .option("--width <pixels,…>", "instead of 320, 1280 and 2560")
  .exitOverride();

interface Flags {
  readonly out: string;
  readonly page?: string;
  readonly width?: string;
}

try {
  const { out, page, width } = program.parse().opts<Flags>();
  const names = page?.split(",") ?? Object.keys(pages);
  const unknown = names.find((name) => pages[name] === undefined);
  if (unknown !== undefined) throw new ConfigError(`--page: there is no page "${unknown}"`);
  const wide = width?.split(",").map(Number) ?? widths;
  if (wide.some((pixels) => !Number.isInteger(pixels) || pixels < 200 || pixels > 8_000)) {
    throw new ConfigError("--width takes whole numbers from 200 to 8000");
  }
  await takeAll(names, wide, out);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`error: ${messageOf(error)}`);
    process.exitCode = 2;
  }
}

async function takeAll(
  names: readonly string[],
  wide: readonly number[],
  out: string,
): Promise<void> {
  const target = await chrome.find();
  if (target === null) throw new Error("there is no Chromium; npm run browsers installs it");
  await mkdir(out, { recursive: true });
  await using lab = await startLab({
    config: { ...defaultConfig, port: 0 },
    techniques,
    techniquesDirectory,
    laboratory: createLaboratory(techniques, techniquesDirectory, await readHarness()),
    site: createLabSite(),
  });
  const browser = await puppeteer.launch({
    executablePath: target.location,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => browser.close());
  const tab = await browser.newPage();
  tab.setDefaultTimeout(patienceMs);
  for (const name of names) {
    for (const theme of themes) {
      await tab.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: theme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
      for (const pixels of wide) {
        await tab.setViewport({ width: pixels, height: pixels < 600 ? 720 : 900 });
        await tab.goto(new URL(pages[name] ?? "/", lab.url).href, { waitUntil: "networkidle2" });
        const height = await tab.evaluate("document.documentElement.scrollHeight");
        const path = join(out, `${name}-${pixels}-${theme}.png`);
        await tab.screenshot({
          path,
          clip: { x: 0, y: 0, width: pixels, height: Math.min(Number(height), maxHeight) },
        });
        console.log(path);
      }
    }
  }
}
