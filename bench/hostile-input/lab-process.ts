import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openAuthority } from "../../server/certificates.ts";
import { createClientAuthority } from "../../server/client-certificates.ts";
import { defaultConfig } from "../../server/config.ts";
import { startLab } from "../../server/lab.ts";
import { createLabSite } from "../../site/lab-site.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { LabAnswer, LabRequest, Tally } from "./lab-child.ts";

// A lab as `npm start` starts it, in a process of its own that counts what must not happen there.

const faults: string[] = [];
const admitted: Record<string, number> = {};
const refusals: Record<string, number> = {};

// Everything that a user would read of a failure, as it would have ended the process or not.
process.on("uncaughtException", (error) => faults.push(`uncaught: ${describe(error)}`));
process.on("unhandledRejection", (error) => faults.push(`unhandled: ${describe(error)}`));
process.on("warning", (warning) => faults.push(`warning: ${describe(warning)}`));
for (const method of ["error", "warn", "log"] as const) {
  console[method] = (...parts: unknown[]) => {
    faults.push(`${method}: ${parts.map(describe).join(" ")}`);
  };
}

const folder = mkdtempSync(join(tmpdir(), "hostile-input-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const laboratory = createLaboratory(techniques, techniquesDirectory, {
  version: "0",
  revision: null,
  dirty: null,
});
const isBehindProxy = process.argv.includes("--behind-proxy");
const lab = await startLab({
  config: {
    ...defaultConfig,
    port: 0,
    hosts: ["127.0.0.1"],
    certificates: await openAuthority(pathToFileURL(`${folder}/`)),
    behindProxy: isBehindProxy,
  },
  techniques,
  techniquesDirectory,
  // Nothing is written here.
  laboratory: { ...laboratory, saveVisit: async () => ({ problem: "nothing is saved here" }) },
  site: createLabSite(),
});

const { evidence, tokens } = lab;
const record = evidence.record.bind(evidence);
evidence.record = (attempt, sighting) => {
  record(attempt, sighting);
  if (sighting.type === "close") return;
  const { user, refusal } = sighting;
  if (user !== null) admitted[user] = (admitted[user] ?? 0) + 1;
  if (refusal !== null) refusals[refusal] = (refusals[refusal] ?? 0) + 1;
};

const hourMs = 3_600_000;

/** Tokens, and what was traded for them where `isTraded`. */
async function makeRing(isTraded: boolean): Promise<LabAnswer & { readonly answer: "ring" }> {
  const issue = (user: string, lifetimeMs: number, singleUse = false): string => {
    const token = tokens.issue(user, lifetimeMs, singleUse);
    return isTraded ? tokens.derive(token, lifetimeMs, singleUse).secret : token.secret;
  };
  const expired = issue("alice", 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const [revoked, used] = [issue("alice", hourMs), issue("alice", hourMs, true)];
  tokens.revoke(revoked);
  tokens.redeem(used);
  return {
    answer: "ring",
    ring: {
      good: { user: "alice", secret: issue("alice", hourMs) },
      insider: { user: "insider", secret: issue("insider", hourMs) },
      somebodyElse: { user: "bob", secret: issue("bob", hourMs) },
      forged: tokens.forge("alice").secret,
      expired,
      revoked,
      used,
      unexchanged: isTraded ? tokens.issue("alice", hourMs, false).secret : null,
    },
  };
}

/** Certificates for each of which the server has a reason to refuse it, and one that is good. */
async function makeCertificates(): Promise<LabAnswer & { readonly answer: "certificates" }> {
  const forger = await createClientAuthority();
  const { secret } = tokens.issue("alice", hourMs, false);
  const names = [secret.slice(0, 12), "", " ", "__proto__", "x".repeat(64), "ü", "a\0b", "CN=a"];
  const forged = await Promise.all(
    names.map((commonName) => forger.issue({ commonName, lifetimeMs: hourMs })),
  );
  const expired = await lab.certify({ present: "expired", user: "alice" });
  const unknown = await lab.certify({ present: "forged", user: "alice" });
  const good = await lab.certify({ present: "fresh", user: "insider" });
  const refused = [...forged, expired.certificate, unknown.certificate];
  return {
    answer: "certificates",
    refused: refused.flatMap((one) => (one === null ? [] : [one])),
    good: good.certificate ?? {},
  };
}

/** How long a connection may take to close that its client has left. */
const drainMs = 5_000;

/** What is left when all connections are closed, and everything was collected that nobody holds. */
async function heapBytes(): Promise<number> {
  const until = performance.now() + drainMs;
  while (openSockets() > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}

function tally(): Tally {
  return { faults: faults.splice(0), admitted: { ...admitted }, refusals: { ...refusals } };
}

async function answer(request: LabRequest): Promise<LabAnswer> {
  switch (request.ask) {
    case "ring":
      return await makeRing(request.isTraded);
    case "certificates":
      return await makeCertificates();
    case "tally":
      return { answer: "tally", tally: tally() };
    case "heap":
      return { answer: "heap", bytes: await heapBytes() };
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : String(value);
}

process.on("message", (request: LabRequest & { readonly id: number }) => {
  void answer(request).then((made) => process.send?.({ ...made, id: request.id }));
});
process.once("disconnect", () => void lab[Symbol.asyncDispose]().then(() => process.exit()));
process.send?.({ answer: "ready", id: 0, ports: [...lab.ports] } satisfies LabAnswer & {
  readonly id: number;
});
