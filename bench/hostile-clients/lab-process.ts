import { readHarness } from "../../experiments/harness.ts";
import { openAuthority } from "../../server/certificates.ts";
import { defaultConfig, type LabConfig } from "../../server/config.ts";
import { startLab, type Lab } from "../../server/lab.ts";
import { createLabSite } from "../../site/lab-site.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { goodTechnique } from "./good-client.ts";
import { ServerSockets } from "./server-sockets.ts";
import type { Target } from "./target.ts";

/** What the lab's process says first. */
export interface AttackedLab {
  readonly target: Omit<Target, "dribbleMs">;
  readonly goodPort: number;
}

/** How the lab's process is, whenever it is asked. */
export interface LabState {
  /** Connections that it has accepted and that are open. */
  readonly sockets: number;
  /** Connections that it has accepted so far. */
  readonly accepted: number;
  /** Of the whole process. */
  readonly residentBytes: number;
  /** What is in use, and what was not collected yet. */
  readonly heapBytes: number;
}

/** How the lab is asked. `settled`: after what is no longer needed was collected, which takes a while. */
export type Question = "now" | "settled";

// Runs in a process of its own, so that what it costs is not what its clients cost.
const limits: Pick<LabConfig, "origin" | "sockets"> = JSON.parse(process.argv[2] ?? "{}");
const folder = await mkdtemp(join(tmpdir(), "hostile-clients-"));
const certificates = await openAuthority(pathToFileURL(`${folder}/`));
await rm(folder, { recursive: true });
const attacked = ["query-parameter", "first-message", goodTechnique];
const site = createLabSite();
const lab = await startLab({
  config: { ...defaultConfig, ...limits, port: 0, certificates },
  techniques: techniques.filter(({ id }) => attacked.includes(id)),
  techniquesDirectory,
  laboratory: createLaboratory(techniques, techniquesDirectory, await readHarness()),
  site,
});
// Drawn before it is asked for: how long that takes is not what is measured.
await site.file("risks.html");
const { secret: token } = lab.tokens.issue("alice", 86_400_000, false);
const sockets = new ServerSockets();

process.on("message", (question: Question) => {
  if (question === "settled") globalThis.gc?.();
  const { rss: residentBytes, heapUsed, external } = process.memoryUsage();
  const state: LabState = {
    sockets: sockets.count,
    accepted: sockets.accepted,
    residentBytes,
    heapBytes: heapUsed + external,
  };
  process.send?.(state);
});
process.once("disconnect", () => process.exit());
const ready: AttackedLab = {
  target: {
    app: portOf(lab, "app", "ws"),
    handshake: portOf(lab, "query-parameter", "ws"),
    handshakeTls: portOf(lab, "query-parameter", "wss"),
    message: portOf(lab, "first-message", "ws"),
    token,
  },
  goodPort: portOf(lab, goodTechnique, "ws"),
};
process.send?.(ready);

function portOf({ ports }: Lab, name: string, scheme: "ws" | "wss"): number {
  const port = ports.get(name)?.[scheme];
  if (port === undefined || port === null) throw new Error(`${name} has no port for ${scheme}`);
  return port;
}
