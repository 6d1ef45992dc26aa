import assert from "node:assert/strict";
import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createSiteFiles, type SiteFiles } from "../../site/site-files.ts";
import { sitePolicy } from "../../site/shell.ts";
import { writeSite } from "../../site/write-site.ts";
import { readPublished } from "../../experiments/results-files.ts";
import type { Results } from "../../model/results.ts";
import { hostileResults } from "../experiments/report/hostile-results.ts";
import { sampleResults } from "../experiments/report/sample-results.ts";

function siteOf(results: () => Promise<Results>): SiteFiles {
  return createSiteFiles({
    isLab: false,
    readResults: async () => [{ source: "published", prefix: "", results: await results() }],
  });
}

async function newestPublished(): Promise<Results> {
  const newest = (await readPublished()).at(-1);
  assert.ok(newest, "results/ holds published results");
  return newest;
}

const sites = [
  { name: "of published results", results: newestPublished },
  { name: "of sample results", results: async () => sampleResults() },
  { name: "of hostile results", results: async () => hostileResults() },
  { name: "of a technique that is gone", results: async () => ofForgottenTechnique() },
];

function ofForgottenTechnique(): Results {
  const results = sampleResults();
  const runs = results.runs.map((run) => ({
    ...run,
    trials: run.trials.map((trial) => ({ ...trial, technique: `former-${trial.technique}` })),
  }));
  return { ...results, runs };
}

for (const { name, results } of sites) {
  describe(`a site ${name}`, () => {
    const site = siteOf(results);
    let paths: ReadonlySet<string>;
    const pages = new Map<string, string>();
    before(async () => {
      paths = new Set(await site.paths());
      for (const path of paths) {
        if (path.endsWith(".html")) pages.set(path, (await site.file(path))?.body ?? "");
      }
    });

    test("has the pages that need no lab", () => {
      const inRoot = [...pages.keys()].filter((path) => !path.includes("/"));
      assert.deepEqual(inRoot.toSorted(), [
        "answers.html",
        "choose.html",
        "evidence.html",
        "index.html",
        "learn.html",
        "risks.html",
      ]);
    });

    test("has links that lead to files of its own, and fragments that lead to ids", () => {
      const ids = new Map(
        [...pages].map(([path, page]) => [path, new Set(attributes(page, "id"))]),
      );
      const broken: string[] = [];
      for (const [path, page] of pages) {
        const base = new URL(path, "http://site/");
        const addresses = [...attributes(page, "href"), ...attributes(page, "src")];
        for (const address of new Set(addresses)) {
          const url = new URL(address, base);
          if (url.host !== base.host) continue;
          const target = url.pathname.slice(1);
          const id = decodeURIComponent(url.hash.slice(1));
          // Nobody can name a file like that.
          if (/^techniques\/.*%/u.test(target)) continue;
          const isThere = paths.has(target) && (id === "" || ids.get(target)?.has(id) === true);
          if (!isThere) broken.push(`${path}: ${address}`);
        }
      }
      assert.deepEqual(broken, []);
    });

    test("asks for nothing from elsewhere, and needs no exception from its policy", () => {
      const escaped = sitePolicy.replaceAll("'", "&#39;");
      for (const [path, page] of pages) {
        assert.ok(page.includes(`content="${escaped}"`), `${path} has the policy`);
        const parts = [...page.matchAll(/<(?<tag>[a-z][a-z0-9]*)(?<list>(?:\s[^<>]*)?)>/gu)];
        for (const { groups } of parts) {
          const { tag = "", list = "" } = groups ?? {};
          const names = list.replaceAll(/="[^"]*"/gu, "=");
          assert.doesNotMatch(names, /\s(?:style|on[a-z]+|srcset)=/u, `${path}: ${tag} ${list}`);
          const source = /\ssrc="(?<source>[^"]*)"/u.exec(list)?.groups?.["source"];
          if (source !== undefined) assert.doesNotMatch(source, /^(?:[a-z]+:|\/)/u, path);
          const link = /\shref="(?<href>[^"]*)"/u.exec(list)?.groups?.["href"];
          if (tag === "link" && link !== undefined) assert.doesNotMatch(link, /^(?:[a-z]+:|\/)/u);
        }
        assert.doesNotMatch(page, /<style|<script>|<script (?![^>]*src=)/u, path);
      }
    });

    test("has unique ids", () => {
      for (const [path, page] of pages) {
        const ids = attributes(page, "id");
        assert.deepEqual(
          ids.filter((id, index) => ids.indexOf(id) !== index),
          [],
          path,
        );
      }
    });
  });
}

describe("the first page of a site of published results", () => {
  const limits = [
    { path: "index.html", kilobytes: 30 },
    { path: "style.css", kilobytes: 20 },
    { path: "scripts/index.js", kilobytes: 30 },
    { path: "data/site.js", kilobytes: 40 },
  ];
  const allKilobytes = 90;

  test("needs few bytes", async () => {
    const site = siteOf(newestPublished);
    let all = 0;
    for (const { path, kilobytes } of limits) {
      const size = gzipSync((await site.file(path))?.body ?? "").length / 1000;
      console.log(`${path}: ${size.toFixed(1)} kB compressed`);
      assert.ok(size > 0 && size < kilobytes, `${path}: ${size} kB`);
      all += size;
    }
    assert.ok(all < allKilobytes, `${all} kB`);
  });

  test("has a script without what only the lab needs", async () => {
    const script = (await siteOf(newestPublished).file("scripts/index.js"))?.body ?? "";
    assert.doesNotMatch(script, /ZodError|markdown-it|"node:|require\(/u);
  });
});

const samples = async (): Promise<Results> => sampleResults();

describe("writing a site", () => {
  test("writes every file, and removes those of the site before", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "site-"));
    const site = siteOf(samples);
    const out = join(folder.path, "out");
    const more: SiteFiles = {
      paths: async () => [...(await site.paths()), "data/old.js"],
      file: async (path) =>
        path === "data/old.js" ? { type: "text/javascript", body: "1" } : await site.file(path),
    };
    const told: number[] = [];
    await writeSite(more, out, (done) => told.push(done));
    const { files, bytes } = await writeSite(site, out);
    assert.equal(told.length, files + 1);
    assert.ok(bytes > 0);
    const found = (await readdir(out, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1));
    const expected = [".websocket-auth-lab-site", ...(await site.paths())];
    assert.deepEqual(found.toSorted(), expected.toSorted());
    const script = "scripts/index.js";
    assert.equal(await readFile(join(out, script), "utf8"), (await site.file(script))?.body);
  });

  test("leaves a folder alone that holds something else", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "site-"));
    await writeFile(join(folder.path, "thesis.txt"), "years of work");
    await assert.rejects(
      writeSite(siteOf(samples), folder.path),
      /is not empty and no site of ours/u,
    );
    assert.deepEqual(await readdir(folder.path), ["thesis.txt"]);
  });

  test("goes on where it was interrupted", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "site-"));
    const site = siteOf(samples);
    const failing: SiteFiles = {
      paths: async () => await site.paths(),
      file: async () => await Promise.reject(new Error("interrupted")),
    };
    await assert.rejects(writeSite(failing, folder.path), /interrupted/u);
    const { files } = await writeSite(site, folder.path);
    assert.equal(files, (await site.paths()).length);
  });

  test("refuses to leave its folder, whatever techniques are called", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "site-"));
    const out = join(folder.path, "out");
    for (const path of ["../evil.js", "data/../../evil.js", "/evil.js", "data//evil.js", ".evil"]) {
      const site: SiteFiles = {
        paths: async () => [path],
        file: async () => ({ type: "text/javascript", body: "evil" }),
      };
      await assert.rejects(writeSite(site, out), /cannot be a file's name/u);
    }
    assert.deepEqual(await readdir(folder.path), []);
  });
});

function attributes(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`<[a-z][^<>]*?\\s${name}="([^"]*)"`, "gu"))].map(
    ([, value = ""]) =>
      value
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&amp;", "&"),
  );
}
