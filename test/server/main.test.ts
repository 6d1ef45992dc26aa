import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { suite, test } from "node:test";
import { hostsForOthers } from "../../server/addresses.ts";
import { techniques } from "../../techniques/index.ts";
import { ask, open } from "../client.ts";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

function start(...flags: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs to the end and resolves with everything that was printed. */
async function finish(child: ChildProcess): Promise<{ code: unknown; out: string; err: string }> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => (out += String(chunk)));
  child.stderr?.on("data", (chunk) => (err += String(chunk)));
  const [code]: unknown[] = await once(child, "close");
  return { code, out, err };
}

/** Room for a port of each technique, and for their secure twins. */
const highestPort = 65_535 - 443 - (techniques.length + 1);

suite("wrong usage ends with exit code 2 and one line that holds the fix", () => {
  const rows: [flags: string[], line: RegExp][] = [
    [["--port", "x"], /--port takes a whole number/u],
    [["--port", "65535"], new RegExp(`--port takes a whole number from 0 to ${highestPort},`, "u")],
    [["--host", "example.com"], /--host takes an IP address/u],
    [["--host", "192.0.2.1"], /not an address of this machine/u],
    [["--names", "localhost"], /--names takes a domain/u],
    [["--token-lifetime", "0"], /--token-lifetime takes seconds/u],
    [["--cert", "cert.pem"], /--cert and --key go together/u],
    [["--cert", "/absent.pem", "--key", "/absent.pem"], /--cert \/absent\.pem cannot be read/u],
    [["--colour"], /unknown option/u],
    [["extra"], /too many arguments/u],
  ];
  for (const [flags, line] of rows) {
    test(flags.join(" "), async () => {
      const { code, out, err } = await finish(start("--port", "0", ...flags));
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, line);
      assert.equal(err.trim().split("\n").length, 1);
    });
  }
});

test("--help explains every flag and ends with 0", async () => {
  const { code, out } = await finish(start("--help"));
  assert.equal(code, 0);
  for (const flag of [
    "--port",
    "--host",
    "--names",
    "--no-tls",
    "--cert",
    "--key",
    "--token-lifetime",
  ])
    assert.ok(out.includes(flag));
});

test("the address that it prints has the home page, and all of the site", async () => {
  const child = start("--port", "0", "--no-tls");
  const finished = finish(child);
  let out = "";
  for await (const chunk of child.stdout ?? []) {
    out += String(chunk);
    if (out.includes("Ctrl+C")) break;
  }
  const [home = ""] = /http:\S+/u.exec(out) ?? [];
  for (const path of ["", "live.html", "techniques/ticket.html", "scripts/index.js", "style.css"]) {
    const answer = await ask(new URL(path, home));
    assert.equal(answer.status, 200, path);
    assert.ok(answer.body.length > 1_000, path);
  }
  child.kill("SIGTERM");
  assert.equal((await finished).code, 0);
});

suite("a signal ends the lab, open connections included", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(signal, async () => {
      const child = start("--port", "0");
      const finished = finish(child);
      let out = "";
      for await (const chunk of child.stdout ?? []) {
        out += String(chunk);
        if (out.includes("Ctrl+C")) break;
      }
      const port = /^ +(?<port>\d+) .*first-message$/mu.exec(out)?.groups?.["port"];
      const socket = open(new URL(`ws://localhost:${port}/`));
      await once(socket, "open");
      const closed = once(socket, "close");
      child.kill(signal);
      await closed;
      assert.equal((await finished).code, 0);
    });
  }
});

test("--host 0.0.0.0 tells each address with a QR code, and what that means", async () => {
  const child = start("--port", "0", "--no-tls", "--host", "0.0.0.0", "--names", "sslip.io");
  const finished = finish(child);
  let out = "";
  for await (const chunk of child.stdout ?? []) {
    out += String(chunk);
    if (out.includes("Ctrl+C")) break;
  }
  child.kill("SIGTERM");
  assert.equal((await finished).code, 0);
  const [address] = hostsForOthers(["0.0.0.0"]);
  if (address === undefined) return;
  assert.match(out, new RegExp(`^http://${address}:\\d+/\n\n[█▀▄ \n]+\n`, "mu"));
  assert.match(out, /Everybody in the same network/u);
  assert.match(out, /below sslip\.io, a public DNS service/u);
});
