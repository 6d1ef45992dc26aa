import assert from "node:assert/strict";
import { readPublished } from "../../experiments/results-files.ts";
import type { Results } from "../../model/results.ts";
import type { SiteData } from "../../site/data.ts";
import { type PackedSite, unpackSite } from "../../site/packed-site.ts";
import { createSiteFiles } from "../../site/site-files.ts";
import type { SiteSources } from "../../site/derive.ts";

/** The newest results in `results/`. */
export async function newestPublished(): Promise<Results> {
  const newest = (await readPublished()).at(-1);
  assert.ok(newest, "results/ holds published results");
  return newest;
}

/** The data that the site's own pages are given of these results. */
export async function siteDataOf(...files: SiteSources["files"]): Promise<SiteData> {
  const site = createSiteFiles({ isLab: true, readResults: async () => files });
  const script = (await site.file("data/site.js"))?.body ?? "";
  const [, json = ""] = /^siteData\("site", (.*)\);\n$/su.exec(script) ?? [];
  const packed: PackedSite = JSON.parse(json);
  return unpackSite(packed);
}

/** The same of published results. */
export async function publishedData(): Promise<SiteData> {
  return await siteDataOf({ source: "published", prefix: "", results: await newestPublished() });
}
