import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { homePrefix, ownerFile } from "../../../experiments/browsers/home-names.ts";
import { stateOf, thisProcess, type Owner } from "../../../experiments/browsers/owner.ts";
import { stragglers } from "../../../experiments/browsers/stragglers.ts";
import { sweepHomes } from "../../../experiments/browsers/sweep.ts";

const skip = process.platform !== "linux" && "processes are told apart by Linux's /proc";

function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "sweep-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A process that has opened a home with a program in it, and tells both. */
async function resident(
  temporary: string,
  guest: string,
): Promise<{ owner: ChildProcess; home: string }> {
  const program = `
    import { openHome } from ${JSON.stringify(new URL("../../../experiments/browsers/home.ts", import.meta.url).href)};
    const home = await openHome();
    await home.spawn("sh", ["-c", ${JSON.stringify(guest)}]).line(/ready/);
    console.log(home.path);
    setInterval(() => {}, 1_000);
  `;
  const owner = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: temporary },
  });
  const [chunk]: unknown[] = await once(owner.stdout, "data");
  return { owner, home: String(chunk).trim() };
}

test(
  "a killed process takes its browsers with it, also those that do not end when asked",
  { skip },
  async () => {
    using scratch = folder();
    const stubborn = "trap '' TERM; echo ready; sleep 1000";
    const { owner, home } = await resident(scratch.path, stubborn);
    assert.ok(stragglers(home).length > 0);
    const gone = Promise.withResolvers<void>();
    const watcher = watch(scratch.path, () => existsSync(home) || gone.resolve());
    owner.kill("SIGKILL");
    await gone.promise;
    watcher.close();
    assert.deepEqual(stragglers(home), []);
  },
);

suite("a sweep", () => {
  test("leaves the homes of those that run alone", { skip }, async () => {
    using scratch = folder();
    const { owner, home } = await resident(scratch.path, "echo ready; exec sleep 1000");
    const before = stragglers(home);
    assert.equal(await sweepHomes(scratch.path), 0);
    assert.deepEqual(stragglers(home), before);
    assert.ok(existsSync(home));
    const ended = once(owner, "exit");
    owner.kill("SIGKILL");
    await ended;
    // Its watchdog may be quicker.
    await sweepHomes(scratch.path);
    assert.deepEqual(stragglers(home), []);
  });

  const own = thisProcess();
  const renamed = { ...own, place: `before ${own.place.split(" ").at(-1)}` };
  const goneRenamed = { ...renamed, startedAt: "1" };
  const rows: readonly (readonly [string, Owner | string, boolean])[] = [
    ["of a number that another process has now", { ...own, startedAt: "1" }, true],
    ["of before the last start of the machine", { ...own, boot: "another" }, true],
    ["of this process", own, false],
    ["of this process, from before the machine changed its name", renamed, false],
    ["of a number of this machine's, from before it changed its name", goneRenamed, true],
    ["of another machine or container", { ...own, place: "elsewhere", pid: 1 }, false],
    ["of nobody known", "{}", false],
  ];
  for (const [name, owner, isSwept] of rows) {
    test(`${isSwept ? "removes" : "keeps"} the home ${name}`, { skip }, async () => {
      using scratch = folder();
      const home = join(scratch.path, `${homePrefix}abc`);
      mkdirSync(home);
      const text = typeof owner === "string" ? owner : JSON.stringify(owner);
      writeFileSync(join(home, ownerFile), text);
      assert.equal(await sweepHomes(scratch.path), isSwept ? 1 : 0);
      assert.equal(existsSync(home), !isSwept);
    });
  }

  test(
    "goes on past a home that cannot be removed, says why, and leaves its owner's mark",
    {
      skip,
    },
    async () => {
      using scratch = folder();
      chmodSync(scratch.path, 0o755);
      const home = join(scratch.path, `${homePrefix}abc`);
      mkdirSync(join(home, "locked"), { recursive: true });
      writeFileSync(join(home, ownerFile), JSON.stringify({ ...own, startedAt: "1" }));
      writeFileSync(join(home, "locked", "file"), "");
      chmodSync(join(home, "locked"), 0o555);
      // Nothing is locked for root.
      const isRoot = process.geteuid?.() === 0;
      const notes: string[] = [];
      try {
        if (isRoot) process.seteuid?.(65_534);
        assert.equal(await sweepHomes(scratch.path, (line) => notes.push(line)), 0);
      } finally {
        if (isRoot) process.seteuid?.(0);
        chmodSync(join(home, "locked"), 0o755);
      }
      assert.match(notes.join("\n"), /^\S+abc was left behind .* cannot be removed: EACCES/u);
      assert.ok(existsSync(join(home, ownerFile)));
      assert.equal(await sweepHomes(scratch.path), 1);
    },
  );

  test("follows no link out of the folder", { skip }, async () => {
    using scratch = folder();
    const outside = join(scratch.path, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, ownerFile), JSON.stringify({ ...own, startedAt: "1" }));
    symlinkSync(outside, join(scratch.path, `${homePrefix}abc`));
    assert.equal(await sweepHomes(scratch.path), 0);
    assert.deepEqual(readdirSync(outside), [ownerFile]);
  });
});

test(
  "an owner that has ended is gone, also where nobody has taken note of its end",
  { skip },
  async () => {
    const child = spawn("sleep", ["1000"]);
    const { pid = 0 } = child;
    assert.equal(stateOf({ ...thisProcess(), pid, startedAt: null }), "alive");
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    assert.equal(stateOf({ ...thisProcess(), pid, startedAt: null }), "gone");
  },
);
