import { type ChoicesData, unpackChoices } from "../choices.ts";
import type { EvidenceData, SiteData, SourcesData } from "../data.ts";
import { linksFrom } from "../links.ts";
import { type PackedSite, unpackSite } from "../packed-site.ts";
import { shellText } from "../text/shell.ts";
import { createDataFiles } from "./data-files.ts";
import { starts } from "./starts.ts";

/** What data files call with their name and content. */
declare global {
  interface Window {
    siteData?: (name: string, content: unknown) => void;
  }
}

const { page = "", lab } = document.body.dataset;
const root = page === "technique" ? "../" : "";

const { load, receive } = createDataFiles((name, onMissing) => {
  const script = document.createElement("script");
  script.src = `${root}data/${name}.js`;
  script.addEventListener("load", () => script.remove());
  script.addEventListener("error", () => {
    script.remove();
    onMissing(new Error(shellText.noData(`data/${name}.js`)));
  });
  document.head.append(script);
});

window.siteData = (name, content) => {
  // The page itself asks for these, whichever script comes first.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (!receive(name, content) && name === "site") start(unpackSite(content as PackedSite));
};

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
