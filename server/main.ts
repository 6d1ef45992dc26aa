import { Command, CommanderError } from "commander";
import { readHarness } from "../experiments/harness.ts";
import { createLaboratory } from "../experiments/laboratory.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { ConfigError, defaultConfig, parseHosts, parseLifetime, parsePort } from "./config.ts";
import { startLab } from "./lab.ts";

const program = new Command("npm start --")
  .description("Starts the lab: the page to open, and one WebSocket server a technique.")
  .option("--port <port>", "the app's port; the servers take the next ones; 0: free ports", "8000")
  .option("--host <address>", "the address to listen on", "localhost")
  .option("--token-lifetime <seconds>", "how long a token of the live page is accepted", "30")
  .exitOverride();

try {
  program.parse();
  const flags = program.opts<{ port: string; host: string; tokenLifetime: string }>();
  const lab = await startLab({
    config: {
      ...defaultConfig,
      port: parsePort(flags.port, techniques.length),
      hosts: parseHosts(flags.host),
      liveTokenLifetimeMs: parseLifetime(flags.tokenLifetime),
    },
    techniques,
    techniquesDirectory,
    laboratory: createLaboratory(techniques, techniquesDirectory, await readHarness()),
  });
  console.log(`WebSocket Auth Lab is ready: ${lab.url.href}`);
  for (const [technique, port] of lab.ports) console.log(`  ${port}  ${technique}`);
  if (flags.host !== "localhost") {
    console.log(`It listens on ${flags.host}: whoever reaches that address can use it.`);
  }
  console.log("Stop with Ctrl+C.");
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void lab[Symbol.asyncDispose]();
    });
  }
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof ConfigError) {
    console.error(`error: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
