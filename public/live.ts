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
    return techniques.map((technique) => createPanel(technique, user));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    byId("failure").append(element("p", { class: "alert" }, `The lab failed: ${reason}`));
    return [];
  }
}

function runAll(): void {
  for (const panel of panels) void panel.run();
}
