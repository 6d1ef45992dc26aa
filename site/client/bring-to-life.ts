import { type ChoicesData, unpackChoices } from "../choices.ts";
import type { EvidenceData, SourcesData } from "../data.ts";
import { linksFrom } from "../links.ts";
import { type PackedSite, unpackSite } from "../packed-site.ts";
import { shellText } from "../text/shell.ts";
import { createDataFiles } from "./data-files.ts";
import type { StartPage } from "./page.ts";

/** What data files call with their name and content. */
declare global {
  interface Window {
    siteData?: (name: string, content: unknown) => void;
  }
}

/** Waits for the site's data, and starts the page that is open. A page's script calls it once. */
export function bringToLife(start: StartPage): void {
  const { load, receive } = createDataFiles((name, onMissing) => {
    const script = document.createElement("script");
    script.src = `data/${name}.js`;
    script.addEventListener("load", () => script.remove());
    script.addEventListener("error", () => {
      script.remove();
      onMissing(new Error(shellText.noData(`data/${name}.js`)));
    });
    document.head.append(script);
  });
  window.siteData = (name, content) => {
    // The page itself asks for these, whichever script comes first.
    if (receive(name, content) || name !== "site") return;
    const main = document.querySelector("main");
    if (main === null) return;
    start({
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      data: unpackSite(content as PackedSite),
      links: linksFrom(""),
      isLab: document.body.dataset["lab"] === "true",
      main,
      loadEvidence: (run, technique) => load<EvidenceData>(`evidence/${run}/${technique}`),
      loadSources: (technique) => load<SourcesData>(`sources/${technique}`),
      loadChoices: () => load<ChoicesData>("choices").then(unpackChoices),
    });
  };
}
