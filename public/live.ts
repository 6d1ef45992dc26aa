import type { TechniqueInfo } from "../model/lab-api.ts";
import { byId, element } from "./element.ts";
import { listTechniques } from "./lab.ts";
import { createPanel, type Panel } from "./panel.ts";

const user = new URLSearchParams(location.search).get("user") ?? "";
document.title = `${user} · WebSocket Auth Lab`;
byId("user").textContent = user;

const panels = await createPanels();
byId("panels").append(...panels.map((panel) => panel.element));
byId("again").addEventListener("click", runAll);
runAll();

async function createPanels(): Promise<Panel[]> {
  try {
    const techniques = await listTechniques();
    const [tried, leftOut] = [
      techniques.filter((technique) => technique.leftOut === null),
      techniques.filter((technique) => technique.leftOut !== null),
    ];
    byId("left-out").append(...leftOut.map(leftOutItem));
    return tried.map((technique) => createPanel(technique, user));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    byId("failure").append(element("p", { class: "alert" }, `The lab failed: ${reason}`));
    return [];
  }
}

function leftOutItem({ id, title, leftOut }: TechniqueInfo): HTMLElement {
  const link = element("a", { href: `/techniques/${id}` }, title);
  return element("li", {}, link, element("span", { class: "hint" }, `not tried here: ${leftOut}`));
}

function runAll(): void {
  for (const panel of panels) void panel.run();
}
