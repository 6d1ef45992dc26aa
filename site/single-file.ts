import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { html as markup, type SafeHtml } from "@remix-run/html-template";
import type { Results } from "../model/results.ts";
import { chooserTable } from "../experiments/chooser/derive-table.ts";
import { guideSources } from "../experiments/chooser/sources.ts";
import type { Catalogue } from "../experiments/report/catalogue.ts";
import type { Report } from "../experiments/report/report.ts";
import { techniques } from "../techniques/index.ts";
import { bundleScript, bundleStyle } from "./bundle.ts";
import { packChoices } from "./choices.ts";
import { deriveSite } from "./derive.ts";
import { linksWithin } from "./links.ts";
import { packSite } from "./packed-site.ts";
import { riskBody, riskStyle } from "./risk-page.ts";
import { siteHeader } from "./shell.ts";
import { siteCatalogue } from "./site-files.ts";
import { sourcesOf } from "./sources.ts";
import { pageTitles, shellText } from "./text/shell.ts";
import { views } from "./views/index.ts";

/** One file that needs nothing else: the pages of a site, and the evidence behind every cell. */
export const html: Report<Promise<string>> = {
  flag: "html",
  extension: "html",
  description: "one self-contained page: the matrix, and the evidence behind every cell",
  render: renderSingleFile,
};

async function renderSingleFile(results: Results, catalogue: Catalogue): Promise<string> {
  const links = linksWithin();
  const site = deriveSite({
    ...siteCatalogue,
    files: [{ source: "published", prefix: "", results }],
  });
  const { data } = site;
  const keys = data.runs.map(({ key }) => key);
  const script = inlineText(await bundleScript("single-file"));
  const style = inlineText(
    [
      await bundleStyle(),
      riskStyle,
      await readFile(new URL("style/single-file.css", import.meta.url), "utf8"),
    ].join("\n"),
  );
  const icon = await readFile(new URL("../public/favicon.svg", import.meta.url), "base64");
  const iconHref = `data:image/svg+xml;base64,${icon}`;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  const content = [
    inlined("site", packSite(data)),
    inlined("choices", packChoices(chooserTable(results, guideSources))),
    ...(await allSources()),
    ...[...site.tried].flatMap(([run, tried]) =>
      tried.map((technique) =>
        inlined(`evidence/${run}/${technique}`, site.evidence(run, technique)),
      ),
    ),
  ];
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<title>${pageTitles.index.title}</title>
<link rel="icon" href="${iconHref}" type="image/svg+xml" />
<style>${markup.raw`${style}`}</style>
<script>${markup.raw`${script}`}</script>
</head>
<body class="page page-index">
<a class="skip" href="#content">${shellText.skip}</a>
${siteHeader("index", links, false, iconHref)}
<main id="content" tabindex="-1">
<div data-view>${views.index({ data, links, isLab: false }, new URLSearchParams())}</div>
<div data-risks>${riskBody({ results, keys, catalogue }, links)}</div>
</main>
${content}
</body>
</html>`;
  return `${String(page)}\n`;
}

async function allSources(): Promise<SafeHtml[]> {
  return await Promise.all(
    techniques.map(async (technique) => {
      const sources = await sourcesOf(technique);
      return inlined(`sources/${technique.id}`, sources);
    }),
  );
}

/** A block of data, which no policy takes for a script: https://html.spec.whatwg.org/multipage/scripting.html#data-block */
function inlined(name: string, content: unknown): SafeHtml {
  const packed = gzipSync(JSON.stringify(content), { level: 9 }).toString("base64");
  return markup`<script type="text/plain" data-name="${name}">${packed}</script>
`;
}

/** What goes between tags as it is. Throws when it would end them, which our own bundles do not. */
function inlineText(text: string): string {
  if (/<\/(?:script|style)|<!--/iu.test(text)) {
    throw new Error("a script or a style of ours holds what ends its element");
  }
  return text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
