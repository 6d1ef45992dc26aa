import type { TechniqueInfo } from "../model/lab-api.ts";
import { element } from "./element.ts";
import { listTechniques } from "./lab.ts";
import { describeStage } from "./wording.ts";

// Fills every list marked `data-techniques` with links to the techniques' pages.
for (const list of document.querySelectorAll("[data-techniques]")) {
  try {
    const techniques = await listTechniques();
    list.replaceChildren(...techniques.map(listItem));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    list.replaceChildren(element("li", { class: "alert" }, `The lab failed: ${reason}`));
  }
}

function listItem(technique: TechniqueInfo): HTMLLIElement {
  const href = `/techniques/${technique.id}`;
  const here = location.pathname === href;
  return element(
    "li",
    {},
    element("a", here ? { href, "aria-current": "page" } : { href }, technique.title),
    element("span", { class: "hint" }, describeStage(technique.stage)),
  );
}
