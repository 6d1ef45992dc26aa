import assert from "node:assert/strict";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { html } from "../../site/single-file.ts";
import { createSiteFiles } from "../../site/site-files.ts";
import { writeSite } from "../../site/write-site.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { sampleCatalogue, sampleResults } from "../experiments/report/sample-results.ts";
import { openTestPage, type TestPage } from "./test-page.ts";

const timeout = 240_000;
const browsers = await installedBrowsers();

/** Every page by its address, in a site and in a single file, and what is to be seen on it. */
const pages = [
  { site: "index.html", file: "?", seen: `document.querySelectorAll("td a").length > 3` },
  { site: "learn.html", file: "?page=learn", seen: `document.querySelector("h1") !== null` },
  {
    site: "answers.html",
    file: "?page=answers",
    seen: `document.querySelectorAll(".ask-item").length > 5`,
  },
  {
    site: "choose.html?demand=quiet-log",
    file: "?page=choose&demand=quiet-log",
    seen: `document.querySelector("[data-answer]") !== null`,
  },
  {
    site: "risks.html",
    file: "?page=risks",
    seen: `document.querySelector("#findings").checkVisibility()`,
  },
  {
    site: "evidence.html?run=firefox&technique=user-information&scenario=rotation",
    file: "?page=evidence&run=firefox&technique=user-information&scenario=rotation",
    seen: `document.querySelector("main").textContent.includes("Attempt 1")`,
  },
] as const;

const styled = `getComputedStyle(document.querySelector("header.site")).display === "flex"`;

suite("pages without a lab", () => {
  for (const browser of browsers) {
    const { id, skip } = browser;
    test(`open from a folder, and ask for nothing else: ${id}`, { skip, timeout }, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "a site "));
      await writeSite(sampleSite(), folder.path);
      await using page = await openTestPage(browser);
      const base = pathToFileURL(`${folder.path}/`);
      for (const { site, seen } of pages) {
        await page.open(new URL(site, base).href);
        await page.until(styled);
        await page.until(seen);
      }
      await page.open(new URL("techniques/subprotocol.html", base).href);
      await page.until(styled);
      await filter(page, new URL("index.html", base));
      await page.evaluate(`document.querySelector("td a[href*='evidence.html']").click()`);
      await page.until(`location.pathname.endsWith("/evidence.html")`);
      await page.until(`document.querySelector("main").textContent.includes("Attempt 1")`);
      assert.deepEqual(elsewhere(page, base), []);
      assert.deepEqual(page.complaints, []);
    });

    test(`open from one file, and ask for nothing at all: ${id}`, { skip, timeout }, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "a file "));
      const path = join(folder.path, "report.html");
      await writeFile(path, await html.render(sampleResults(), sampleCatalogue));
      await using page = await openTestPage(browser);
      const base = pathToFileURL(path);
      for (const { file, seen } of pages) {
        await page.open(new URL(file, base).href);
        await page.until(styled);
        await page.until(seen);
      }
      await filter(page, base);
      await page.evaluate(`document.querySelector("td a[href*='page=evidence']").click()`);
      await page.until(`document.querySelector("main").textContent.includes("Attempt 1")`);
      assert.match(await page.evaluate<string>("location.search"), /^\?page=evidence&run=/u);
      await page.evaluate(`history.back()`);
      await page.until(`document.querySelector("td a[href*='page=evidence']") !== null`);
      for (const name of ["risks", "learn", "choose"]) {
        await page.evaluate(`document.querySelector("nav a[href='?page=${name}']").click()`);
        await page.until(`document.body?.className === "page page-${name}"`);
        await page.until(`document.documentElement.dataset.waiting === undefined`);
      }
      assert.deepEqual(elsewhere(page, base), []);
      assert.deepEqual(page.complaints, []);
    });
  }

  const [chrome] = browsers.filter(({ id }) => id === "chrome");
  test(
    "are served by any web server, below any path",
    { skip: chrome?.skip ?? true, timeout },
    async () => {
      assert.ok(chrome);
      await using folder = await mkdtempDisposable(join(tmpdir(), "site-"));
      await writeSite(sampleSite(), folder.path);
      await using server = await serve(folder.path, "/deep/er/");
      await using page = await openTestPage(chrome);
      for (const { site, seen } of pages) {
        await page.open(new URL(site, server.url).href);
        await page.until(styled);
        await page.until(seen);
      }
      assert.deepEqual(page.complaints, []);
    },
  );
});

/** Firefox has the font of its own list markers in a data URL. */
function elsewhere({ requests }: TestPage, base: URL): string[] {
  return requests.filter((url) => !url.startsWith(base.href) && !url.startsWith("data:"));
}

function sampleSite(): ReturnType<typeof createSiteFiles> {
  return createSiteFiles({
    isLab: false,
    readResults: async () => [{ source: "published", prefix: "", results: sampleResults() }],
  });
}

/** What is chosen is in the address at once, and the same is shown to who opens that. */
async function filter(page: TestPage, url: URL): Promise<void> {
  await page.open(url.href);
  await page.until(`document.querySelector("[data-filters] [name=differ]") !== null`);
  await page.until(`document.querySelector("[data-apply]") === null`);
  await page.evaluate(`document.querySelector("[data-filters] [name=differ]").click()`);
  await page.until(`location.search === "?differ=yes"`);
  await page.open(await page.evaluate<string>("location.href"));
  await page.until(`document.querySelector("[data-filters] [name=differ]")?.checked === true`);
}

async function serve(
  directory: string,
  path: string,
): Promise<AsyncDisposable & { readonly url: URL }> {
  const types: Readonly<Record<string, string>> = {
    html: "text/html",
    css: "text/css",
    js: "text/javascript",
    svg: "image/svg+xml",
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site/");
    const name = pathname.slice(path.length);
    response.setHeader("Content-Type", types[name.split(".").at(-1) ?? ""] ?? "text/plain");
    readFile(join(directory, name)).then(
      (body) => response.end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of this kind.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(path, `http://127.0.0.1:${port}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
