import { type ChoicesData, unpackChoices } from "../choices.ts";
import type { EvidenceData, SiteData, SourcesData } from "../data.ts";
import { linksFrom } from "../links.ts";
import { type PackedSite, unpackSite } from "../packed-site.ts";
import { shellText } from "../text/shell.ts";
import { starts } from "./starts.ts";

/** What data files call with their name and content. */
declare global {
  interface Window {
    siteData?: (name: string, content: unknown) => void;
  }
}

const { page = "", lab } = document.body.dataset;
const root = page === "technique" ? "../" : "";
const loaded = new Map<string, (content: unknown) => void>();
const loads = new Map<string, Promise<unknown>>();

window.siteData = (name, content) => {
  const resolve = loaded.get(name);
  if (resolve !== undefined) resolve(content);
  // The page itself asks for these, whichever script comes first.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  else if (name === "site") start(unpackSite(content as PackedSite));
};

/**
 * Loads a data file as a script: `fetch` may not read `file://`. Our own build wrote it, so that its
 * content is what its name says.
 */
function load<Content>(name: string): Promise<Content> {
  let promise = loads.get(name);
  if (promise === undefined) {
    promise = new Promise((resolve, reject) => {
      loaded.set(name, resolve);
      const script = document.createElement("script");
      script.src = `${root}data/${name}.js`;
      script.addEventListener("error", () => {
        loads.delete(name);
        reject(new Error(shellText.noData(`data/${name}.js`)));
      });
      document.head.append(script);
    });
    loads.set(name, promise);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return promise as Promise<Content>;
}

function start(data: SiteData): void {
  const main = document.querySelector("main");
  if (main === null) return;
  starts[page]?.({
    data,
    links: linksFrom(root),
    isLab: lab === "true",
    main,
    loadEvidence: (run, technique) => load<EvidenceData>(`evidence/${run}/${technique}`),
    loadSources: (technique) => load<SourcesData>(`sources/${technique}`),
    loadChoices: () => load<ChoicesData>("choices").then(unpackChoices),
  });
}
