import type { ChooserTable } from "../../experiments/chooser/table.ts";
import type { EvidenceData, SourcesData } from "../data.ts";
import type { ViewContext } from "../views/view.ts";

/** What a page's script is started with. Rejected loads name the file that is missing. */
export interface ClientPage extends ViewContext {
  /** Filled by the page's view already. */
  readonly main: HTMLElement;
  loadEvidence(run: string, technique: string): Promise<EvidenceData>;
  loadSources(technique: string): Promise<SourcesData>;
  /** What techniques are chosen by; null: there are no published results. */
  loadChoices(): Promise<ChooserTable | null>;
}

/** Brings a page to life: called once, after `SiteData` has come. */
export type StartPage = (page: ClientPage) => void;
