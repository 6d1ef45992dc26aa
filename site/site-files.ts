import { readFile } from "node:fs/promises";
import type { SafeHtml } from "@remix-run/html-template";
import type { Results } from "../model/results.ts";
import { chooserTable } from "../experiments/chooser/derive-table.ts";
import { guideSources } from "../experiments/chooser/sources.ts";
import { catalogueOf } from "../experiments/catalogue.ts";
import { scenarios } from "../experiments/scenarios/index.ts";
import { folderOf } from "../techniques/folder.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { needsCertificate } from "../techniques/needs-certificate.ts";
import { needsProxy } from "../techniques/needs-proxy.ts";
import type { Technique } from "../techniques/technique.ts";
import type { SiteFile } from "../server/site.ts";
import type { ChooserTable } from "../experiments/chooser/table.ts";
import { bundleScript, bundleStyle } from "./bundle.ts";
import { packChoices } from "./choices.ts";
import type { SiteScenario, SiteTechnique } from "./data.ts";
import { dataScript } from "./data-script.ts";
import { deriveSite, type DerivedSite, type SiteSources } from "./derive.ts";
import { linksFrom, type PageName } from "./links.ts";
import { packSite } from "./packed-site.ts";
import { riskBody, riskStyle } from "./risk-page.ts";
import { isScripted, pagesOf, renderShell, scriptPath } from "./shell.ts";
import { sourcesOf } from "./sources.ts";
import { techniquePage, unknownTechniquePage } from "./technique-page.ts";
import { liveText } from "./text/live.ts";
import { pageTitles } from "./text/shell.ts";
import { renderChoose } from "./views/choose.ts";
import { renderLive } from "./views/live.ts";
import { views } from "./views/index.ts";
import type { ViewContext } from "./views/view.ts";

/** What a site is made of. */
export interface SiteParts {
  /** Whether a lab serves it, so that there is something to connect to. */
  readonly isLab: boolean;
  /** Reads the results that it shows: once, when the first page is asked for that shows any. */
  readonly readResults: () => Promise<SiteSources["files"]>;
}

/** Every file of a site, made when it is asked for. */
export interface SiteFiles {
  /** `path` is relative: "index.html", "data/site.js". Undefined when the site has no such file. */
  file(path: string): Promise<SiteFile | undefined>;
  /** Every path there is. */
  paths(): Promise<readonly string[]>;
}

const publicDirectory = new URL("../public/", import.meta.url);

type Makers = ReadonlyMap<string, () => SiteFile | Promise<SiteFile>>;

/** Makes a site from results. */
export function createSiteFiles({ isLab, readResults }: SiteParts): SiteFiles {
  const plain = plainFiles(isLab);
  let fromResults: Promise<Makers> | undefined;
  const measured = (): Promise<Makers> =>
    (fromResults ??= readResults().then((files) => filesFromResults(files, isLab)));
  return {
    file: async (path) => await (plain.get(path) ?? (await measured()).get(path))?.(),
    paths: async () => [...plain.keys(), ...(await measured()).keys()],
  };
}

/** The files that are the same whatever was measured. */
function plainFiles(isLab: boolean): Makers {
  return new Map([
    ...pagesOf(isLab)
      .filter(isScripted)
      .map((name) => {
        const make = async (): Promise<SiteFile> => text("javascript", await bundleScript(name));
        return [scriptPath(name), make] as const;
      }),
    ["style.css", async () => text("css", await bundleStyle())],
    ["report.css", async () => text("css", riskStyle)],
    ["favicon.svg", async () => await publicFile("favicon.svg", "image/svg+xml")],
    ...(isLab ? [["live.html", async () => livePage()] as const] : []),
    ...techniques.flatMap((technique) => techniqueFiles(technique, isLab)),
  ]);
}

function filesFromResults(files: SiteSources["files"], isLab: boolean): Makers {
  const site = deriveSite({ ...siteCatalogue, files });
  const newest = files.find(({ source }) => source === "published")?.results;
  const context: ViewContext = { data: site.data, links: linksFrom(""), isLab };
  let table: ChooserTable | null = null;
  const choices = (): ChooserTable | null =>
    (table ??= newest === undefined ? null : chooserTable(newest, guideSources));
  const page = (name: PageName): SiteFile => {
    const { title } = pageTitles[name];
    const body =
      name === "choose"
        ? renderChoose(context, new URLSearchParams(), choices(), "outline")
        : bodyOf(name, context, newest);
    return text("html", renderShell({ name, title, root: "", isLab, body }));
  };
  // Some take seconds to draw, and the results stay as they were read.
  const drawn = new Map<PageName, SiteFile>();
  const drawOnce = (name: PageName): SiteFile => {
    const file = drawn.get(name) ?? page(name);
    drawn.set(name, file);
    return file;
  };
  return new Map([
    ["data/site.js", () => text("javascript", dataScript("site", packSite(site.data)))],
    ["data/choices.js", () => text("javascript", dataScript("choices", packChoices(choices())))],
    ...pagesOf(isLab).map((name) => [`${name}.html`, () => drawOnce(name)] as const),
    ...unknownTechniques(site, isLab),
    ...[...site.tried].flatMap(([run, tried]) =>
      tried.filter(isFileName).map((technique) => {
        const name = `evidence/${run}/${technique}`;
        const make = (): SiteFile =>
          text("javascript", dataScript(name, site.evidence(run, technique)));
        return [`data/${name}.js`, make] as const;
      }),
    ),
  ]);
}

function livePage(): SiteFile {
  const body = renderLive(linksFrom(""));
  const { title } = liveText;
  return text("html", renderShell({ name: "live", title, root: "", isLab: true, body }));
}

function bodyOf(
  name: Exclude<PageName, "choose">,
  context: ViewContext,
  newest: Results | undefined,
): SafeHtml {
  if (name !== "risks") return views[name](context, new URLSearchParams());
  const { data, links } = context;
  const runs = data.runs.filter(({ source }) => source === "published");
  const keys = runs.map(({ key }) => key);
  return riskBody(newest && { results: newest, keys, catalogue: catalogueOf(techniques) }, links);
}

function techniqueFiles(technique: Technique, isLab: boolean): [string, () => Promise<SiteFile>][] {
  const directory = folderOf(technique, techniquesDirectory);
  const page = async (): Promise<SiteFile> => {
    const body = await techniquePage(technique, directory, linksFrom("../"), isLab);
    const { title } = technique;
    return text("html", renderShell({ name: "technique", title, root: "../", isLab, body }));
  };
  return [
    ...pageNames(technique).map((name): [string, typeof page] => [`techniques/${name}.html`, page]),
    [
      `data/sources/${technique.id}.js`,
      async () => {
        const sources = await sourcesOf(technique);
        return text("javascript", dataScript(`sources/${technique.id}`, sources));
      },
    ],
  ];
}

/** Whether a name that results hold, whoever wrote them, can be that of a file and part of an address as it is. */
function isFileName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/iu.test(name);
}

/** Techniques that only results know, as far as a file can have their name. */
function unknownTechniques({ data }: DerivedSite, isLab: boolean): [string, () => SiteFile][] {
  const known = new Set(techniques.map(({ id }) => id));
  return data.techniques
    .filter(({ id }) => !known.has(id) && isFileName(id))
    .map(({ id, title }) => [
      `techniques/${id}.html`,
      () => {
        const body = unknownTechniquePage(title, id, linksFrom("../"));
        return text("html", renderShell({ name: "technique", title, root: "../", isLab, body }));
      },
    ]);
}

/** READMEs link to folders: one that has no technique of its name is that of its first technique. */
function pageNames({ id, folder = id }: Technique): string[] {
  const isTechnique = techniques.some((other) => other.id === folder);
  const first = techniques.find((other) => other.folder === folder);
  return isTechnique || first?.id !== id ? [id] : [id, folder];
}

/** Techniques and scenarios of this checkout, as every site names them. */
export const siteCatalogue: Pick<SiteSources, "techniques" | "scenarios"> = {
  techniques: techniques.map((technique): SiteTechnique => {
    const { id, title, stage, via, folder = id, leavesOut, proxied } = technique;
    const leftOut =
      leavesOut?.["same-host"] ??
      leavesOut?.["ws"] ??
      needsProxy(technique) ??
      needsCertificate(technique);
    return { id, title, stage, via, folder, isProxied: proxied !== undefined, leftOut };
  }),
  scenarios: scenarios.map(({ id, question, aspect = null, attempts }): SiteScenario => ({
    id,
    question,
    aspect,
    attempts,
  })),
};

async function publicFile(name: string, type: string): Promise<SiteFile> {
  return { type, body: await readFile(new URL(name, publicDirectory), "utf8") };
}

function text(kind: "html" | "javascript" | "css", body: string): SiteFile {
  return { type: `text/${kind}; charset=utf-8`, body };
}
