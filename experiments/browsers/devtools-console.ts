import {
  TargetType,
  type BrowserContext,
  type CDPSession,
  type Page,
  type Protocol,
} from "puppeteer";

import type { ConsoleSource } from "./browser.ts";
import { consoleLine } from "./console-lines.ts";

/** What DevTools tell of a console. */
export const devToolsConsole: ConsoleSource = {
  heard: true,
  means:
    "DevTools: Runtime and Log of pages, frames and workers; what is within an object is abridged",
};

/**
 * Hears the console of a page, with its frames and dedicated workers. Not by Puppeteer's own events,
 * which leave out what the browser itself says of frames of other sites and of workers.
 */
export async function hearPage(page: Page, onConsole: (text: string) => void): Promise<void> {
  const session = await page.createCDPSession();
  await hear(session, onConsole);
}

/** Hears the consoles of the shared workers and service workers that start from now on, for DevTools show each apart. */
export function hearSharedWorkers(
  context: BrowserContext,
  onConsole: (text: string) => void,
): void {
  context.on("targetcreated", (target) => {
    const type = target.type();
    if (type !== TargetType.SHARED_WORKER && type !== TargetType.SERVICE_WORKER) return;
    // It may have ended meanwhile.
    target
      .createCDPSession()
      .then((session) => hear(session, onConsole))
      .catch(() => {});
  });
}

async function hear(session: CDPSession, onConsole: (text: string) => void): Promise<void> {
  session.on("Runtime.consoleAPICalled", ({ args, stackTrace }) => {
    const text = args.map(textOf).join(" ");
    if (text !== "") onConsole(consoleLine(text, stackTrace?.callFrames[0]?.url));
  });
  session.on("Runtime.exceptionThrown", ({ exceptionDetails: { text, exception, url } }) => {
    onConsole(consoleLine([text, exception?.description].join(" ").trim(), url));
  });
  session.on("Log.entryAdded", ({ entry }) => onConsole(consoleLine(entry.text, entry.url)));
  // A frame of another site's has a target of its own. Dedicated workers' lines are in their page's log.
  session.on("sessionattached", (frame) => {
    // It may be gone meanwhile.
    hear(frame, onConsole).catch(() => {});
  });
  await Promise.all([
    session.send("Runtime.enable"),
    session.send("Log.enable"),
    session.send("Target.setAutoAttach", {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
      filter: [{ type: "iframe" }, { exclude: true }],
    }),
  ]);
}

function textOf(value: Protocol.Runtime.RemoteObject): string {
  if (value.type === "string") return String(value.value);
  if (value.preview !== undefined) return previewOf(value.preview);
  if (value.unserializableValue !== undefined) return value.unserializableValue;
  return value.description ?? String(value.value);
}

function previewOf({ description, properties, overflow }: Protocol.Runtime.ObjectPreview): string {
  const entries = properties.map(({ name, value, type }) => `${name}: ${value ?? type}`);
  return `${description ?? "Object"} {${[...entries, ...(overflow ? ["…"] : [])].join(", ")}}`;
}
