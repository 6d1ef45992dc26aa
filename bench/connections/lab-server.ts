import { argv } from "node:process";
import { openAuthority } from "../../server/certificates.ts";
import { defaultConfig } from "../../server/config.ts";
import { startLab, type Ports } from "../../server/lab.ts";
import type { PageCredential } from "../../techniques/connect.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { ProgramCertificate } from "../../techniques/program.ts";
import { idleLaboratory } from "../idle-laboratory.ts";
import { obey } from "../orders.ts";
import { announce } from "./announce.ts";
import { user } from "./load-case.ts";

/** What the lab does besides. */
export interface LabTasks {
  /** Hands out good tokens, the first ones again when there are no more. */
  tokens(count: number): readonly PageCredential[];
  /** Makes a token's certificate. */
  certificate(): Promise<ProgramCertificate>;
}

/** What the lab announces. */
export interface LabReady {
  readonly ports: readonly (readonly [name: string, ports: Ports])[];
  /** Who vouches for it over TLS, in PEM. */
  readonly authority: string | null;
}

const lifetimeMs = 3_600_000;
const liveTokens = 1_000;
const nobody: PageCredential = { user: "", token: "" };

const [, , folder = "", ...ids] = argv;
const certificates = await openAuthority(new URL(folder));
/** The product's own, with its own settings, and the techniques that are named; nobody runs experiments in it. */
const lab = await startLab({
  config: { ...defaultConfig, port: 0, hosts: ["127.0.0.1"], certificates },
  techniques: techniques.filter(({ id }) => ids.includes(id)),
  techniquesDirectory,
  laboratory: idleLaboratory,
});
/** The same ones all the time: what is held of those of an hour would be another benchmark, and is bench/scale. */
const users = Array.from({ length: liveTokens }, () => {
  return { user, token: lab.tokens.issue(user, lifetimeMs, false).secret };
});
obey({
  tokens: (count) => Array.from({ length: count }, (_, at) => users[at % users.length] ?? nobody),
  async certificate() {
    const { certificate } = await lab.certify({ present: "fresh", user }, lifetimeMs);
    if (certificate === null) throw new Error("the lab made no certificate");
    return certificate;
  },
} satisfies LabTasks);
announce({ ports: [...lab.ports], authority: certificates.authority } satisfies LabReady);
