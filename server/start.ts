import { Command, CommanderError } from "commander";
import { readHarness } from "../experiments/harness.ts";
import { createLaboratory } from "../site/laboratory.ts";
import { createLabSite, firstPage } from "../site/lab-site.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { Canaries } from "./canaries.ts";
import {
  certificatesDirectory,
  openAuthority,
  readCertificates,
  type Certificates,
} from "./certificates.ts";
import {
  ConfigError,
  defaultConfig,
  parseHosts,
  parseLifetime,
  parseNames,
  parsePort,
} from "./config.ts";
import { startLab } from "./lab.ts";
import { welcomeOthers } from "./welcome.ts";

const program = new Command("npm start --")
  .description("Starts the lab: the page to open, and one WebSocket server a technique.")
  .option("--port <port>", "the app's port; the servers take the next ones; 0: free ports", "8000")
  .option("--host <address>", "the address to listen on", "localhost")
  .option(
    "--names <domain>",
    "the DNS service whose names hold an address, for visitors from other devices; none: ask nobody",
    "nip.io",
  )
  .option("--no-tls", "leave the secure twins of all ports away")
  .option("--cert <file>", "the certificate of the secure twins, instead of one made here")
  .option("--key <file>", "the private key of --cert")
  .option("--token-lifetime <seconds>", "how long a token of the live page is accepted", "30")
  .exitOverride();

interface Flags {
  readonly port: string;
  readonly host: string;
  readonly names: string;
  readonly tls: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly tokenLifetime: string;
}

/**
 * Starts the lab that the command line asks for, tells where it is, and resolves while it runs. Wrong
 * usage is told too, and sets the exit code.
 */
export async function start(): Promise<void> {
  try {
    program.parse(process.argv);
    const flags = program.opts<Flags>();
    const names = parseNames(flags.names);
    const port = parsePort(flags.port, techniques.length + 1);
    const hosts = parseHosts(flags.host);
    const liveTokenLifetimeMs = parseLifetime(flags.tokenLifetime);
    const [certificates, harness] = await Promise.all([certificatesFor(flags), readHarness()]);
    const canaries = new Canaries();
    const site = createLabSite();
    // Its thread draws while the ports are opened; what fails now fails again when it is asked for, and is told then.
    for (const path of firstPage) site.file(path).catch(() => {});
    const lab = await startLab({
      config: { ...defaultConfig, port, hosts, names, certificates, liveTokenLifetimeMs },
      techniques,
      techniquesDirectory,
      laboratory: createLaboratory(techniques, techniquesDirectory, harness, canaries),
      onSecret: canaries.add,
      site,
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        void lab[Symbol.asyncDispose]();
      });
    }
    for (const [name, { ws, wss }] of lab.ports) {
      console.log(`  ${[ws, ...(wss === null ? [] : [wss])].join("  ")}  ${name}`);
    }
    if (lab.addressesForOthers().length > 0) console.log(`\n${welcomeOthers(lab, names)}\n`);
    console.log(`WebSocket Auth Lab is ready: ${lab.url.href}`);
    if (lab.secureUrl !== null) {
      console.log(`Over TLS, once your browser trusts it:  ${lab.secureUrl.href}`);
    }
    console.log("Stop with Ctrl+C.");
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof ConfigError) {
      console.error(`error: ${error.message}`);
      process.exitCode = 2;
    } else throw error;
  }
}

/** The certificates that the flags ask for; null without TLS. */
async function certificatesFor({ tls, cert, key }: Flags): Promise<Certificates | null> {
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError("--cert and --key go together: give both, or neither");
  }
  if (!tls && cert !== undefined) {
    throw new ConfigError("--no-tls and --cert contradict each other: give one of them");
  }
  if (!tls) return null;
  if (cert !== undefined && key !== undefined) return await readCertificates(cert, key);
  return await openAuthority(certificatesDirectory);
}
