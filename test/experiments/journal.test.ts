import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { thisProcess, type Owner } from "../../experiments/browsers/owner.ts";
import { beginJournal, continueJournal, type Journal } from "../../experiments/journal.ts";
import { LineFile } from "../../experiments/line-file.ts";
import { keptIn, readJournal } from "../../experiments/recorded.ts";
import { takeOver } from "../../experiments/resume.ts";
import type { JudgedTrial, Run } from "../../model/results.ts";
import { Canaries } from "../../server/canaries.ts";
import { ConfigError } from "../../server/config.ts";
import { Tokens } from "../../server/tokens.ts";
import { sampleResults } from "./report/sample-results.ts";

const harness = { version: "1.2.3", revision: "abc", dirty: false };
const header = { arguments: ["--repeat", "2"], workingDirectory: "/", harness };
const keeper = { tokens: new Canaries(), onProblem: (text: string) => assert.fail(text) };
const of = "0 chrome default";
const now = new Date("2026-11-22T10:00:00.123Z");

function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "journal-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const [sample] = sampleResults().runs;
assert.ok(sample);
const { trials, ...rest } = sample;
const run: Run = { ...rest, trials: [] };
const conclusive = trials.filter(({ verdict: { outcome } }) => /pass|fail/u.test(outcome));
const [one, other] = conclusive;
assert.ok(one && other);
const crash = { outcome: "crash", reason: "the browser died" } as const;
const failed: JudgedTrial = { ...one, attempts: [], failure: crash, verdict: crash };

function begin(path: string): Journal {
  return beginJournal(path, now, header, keeper);
}

/** The journal of a process that is gone. */
function abandoned(
  path: string,
  write: (journal: Journal) => void,
  differing: Partial<Owner> = { startedAt: "1" },
): string {
  const journal = begin(path);
  write(journal);
  journal[Symbol.dispose]();
  const gone: Owner = { ...thisProcess(), ...differing };
  const text = readFileSync(journal.path, "utf8");
  const [own, others] = [thisProcess(), gone].map((owner) => JSON.stringify(owner));
  writeFileSync(journal.path, text.replaceAll(own ?? "", others ?? ""));
  return journal.path;
}

/** The journal of a process of another machine, with a trial. */
const distant = (path: string): string => {
  const owner = { place: "another-host", boot: "another" };
  return abandoned(path, (journal) => journal.trial(of, { trial: one, place: 0, run }), owner);
};

suite("what was measured is read again", () => {
  test("a trial as it was, at its place, with what is known of its run", async () => {
    using scratch = folder();
    using journal = begin(scratch.path);
    journal.trial(of, { trial: other, place: 7, run: { ...run, dialogs: ["first"] } });
    journal.trial(of, { trial: one, place: 3, run: { ...run, dialogs: ["first", "second"] } });
    const { runs, kept, remade, unreadable, header: read } = await readJournal(journal.path);
    assert.deepEqual(read, { schema: "websocket-auth-journal/1", ...header });
    assert.deepEqual(runs.get(of), {
      run: { ...run, dialogs: ["first", "second"], trials: [one, other] },
      places: [3, 7],
    });
    assert.deepEqual([kept, remade, unreadable], [2, 0, 0]);
    assert.equal(statSync(journal.path).mode & 0o777, 0o600);
  });

  test("but not what failed: that is made again, unless it was made since", async () => {
    using scratch = folder();
    using journal = begin(scratch.path);
    journal.trial(of, { trial: failed, place: 0, run });
    journal.trial(of, { trial: failed, place: 1, run });
    journal.trial(of, { trial: one, place: 1, run });
    const { runs, kept, remade } = await readJournal(journal.path);
    assert.deepEqual(runs.get(of)?.places, [1]);
    assert.deepEqual([kept, remade], [1, 1]);
  });

  test("nor what another version of the browser did", async () => {
    using scratch = folder();
    using journal = begin(scratch.path);
    const newer = { ...run, browser: { ...run.browser, version: "999" } };
    journal.trial(of, { trial: one, place: 0, run });
    journal.trial(of, { trial: other, place: 1, run: newer });
    assert.deepEqual((await readJournal(journal.path)).runs.get(of)?.places, [1]);
  });

  test("observations of trust", async () => {
    using scratch = folder();
    using journal = begin(scratch.path);
    const { browser, profile } = run;
    const { verdict: _, ...trial } = one;
    const observation = { condition: "untrusted", browser, profile, dialogs: ["sure?"], trial };
    const crashed = { ...observation, trial: { ...trial, attempts: [], failure: crash } };
    journal.trust("good", observation);
    journal.trust("bad", crashed);
    const { trust, kept, remade } = await readJournal(journal.path);
    assert.deepEqual([...trust], [["good", observation]]);
    assert.deepEqual([kept, remade], [1, 1]);
  });

  const tails = [
    ["half a line", (line: string) => line.slice(0, 100), 1],
    ["zeros, as after a power cut", () => "\0".repeat(200), 1],
    ["nothing", () => "", 0],
  ] as const;
  for (const [name, tail, unreadable] of tails) {
    test(`when its end is ${name}, and it was gone on with`, async () => {
      using scratch = folder();
      const path = abandoned(scratch.path, (journal) =>
        journal.trial(of, { trial: one, place: 0, run }),
      );
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      appendFileSync(path, tail(lines.at(-1) ?? ""));
      using journal = continueJournal(path, keeper);
      journal.trial(of, { trial: other, place: 1, run });
      const recorded = await readJournal(path);
      assert.deepEqual(recorded.runs.get(of)?.places, [0, 1]);
      assert.equal(recorded.unreadable, unreadable);
      assert.equal(recorded.owners.length, 2);
    });
  }

  test("a text with the line separators of Unicode", async () => {
    using scratch = folder();
    using journal = begin(scratch.path);
    const odd = { ...run, dialogs: ["one\u2028two\u2029three\nfour"] };
    journal.trial(of, { trial: one, place: 0, run: odd });
    const { runs, unreadable } = await readJournal(journal.path);
    assert.deepEqual(runs.get(of)?.run.dialogs, odd.dialogs);
    assert.equal(unreadable, 0);
  });
});

test("a trial that is not planned any more as it was is refused, with its name", async () => {
  using scratch = folder();
  using journal = begin(scratch.path);
  journal.trial(of, { trial: one, place: 0, run });
  const recorded = await readJournal(journal.path);
  assert.deepEqual(keptIn(recorded, of, [one])?.places, [0]);
  assert.equal(keptIn(recorded, "1 firefox default", [one]), null);
  for (const planned of [[{ ...one, definition: "changed" }], [other], []]) {
    assert.throws(
      () => keptIn(recorded, of, planned),
      (error) => error instanceof ConfigError && error.message.startsWith(`${one.technique}, `),
    );
  }
});

test("a line that holds a token is not written, and told by the token's serial", () => {
  using scratch = folder();
  const tokens = new Canaries();
  const problems: string[] = [];
  const { secret, serial } = new Tokens({ onSecret: tokens.add }).issue("alice", 1_000, false);
  using journal = beginJournal(scratch.path, now, header, {
    tokens,
    onProblem: (text) => problems.push(text),
  });
  const leaking: JudgedTrial = { ...one, technique: secret };
  journal.trial(of, { trial: leaking, place: 0, run });
  assert.ok(!readFileSync(journal.path, "utf8").includes(secret));
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", new RegExp(`journal holds the token ${serial} `, "u"));
});

const none = spawnSync("prlimit", ["--version"]).status !== 0 && "there is no prlimit";

suite("a folder", () => {
  test("in which two runs begin in the same second has a journal for each", () => {
    using scratch = folder();
    writeFileSync(join(scratch.path, "2026-11-22T10-00-00-2.json"), "of a run that has ended");
    using first = begin(scratch.path);
    using second = begin(scratch.path);
    assert.match(first.path, /T10-00-00\.journal\.jsonl$/u);
    assert.match(second.path, /T10-00-00-3\.journal\.jsonl$/u);
  });

  test("that is none is refused with the fix", () => {
    using scratch = folder();
    const path = join(scratch.path, "a file");
    writeFileSync(path, "");
    assert.throws(
      () => begin(path),
      (error) => error instanceof ConfigError && /: ENOTDIR.* --folder$/u.test(error.message),
    );
  });

  test("that has no room for a journal is left without one", { skip: none }, async () => {
    using scratch = folder();
    const program = `
      import { spawnSync } from "node:child_process";
      import { Canaries } from ${JSON.stringify(new URL("../../server/canaries.ts", import.meta.url).href)};
      import { beginJournal } from ${JSON.stringify(new URL("../../experiments/journal.ts", import.meta.url).href)};
      const keeper = { tokens: new Canaries(), onProblem() {} };
      spawnSync("prlimit", ["--pid=" + process.pid, "--fsize=10:unlimited"]);
      try {
        beginJournal(process.argv[1], new Date(), ${JSON.stringify(header)}, keeper);
      } catch (error) {
        console.log(error.message);
      }
    `;
    const args = ["--input-type=module", "--eval", program, scratch.path];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    await once(child, "close");
    assert.match(out, /^nothing can be written in .*: there is no room left/u);
    assert.deepEqual(readdirSync(scratch.path), []);
  });

  test("has no journal any more when its run has finished", () => {
    using scratch = folder();
    const journal = begin(scratch.path);
    assert.equal(journal.isEmpty, true);
    journal.trial(of, { trial: one, place: 0, run });
    assert.equal(journal.isEmpty, false);
    journal.finish();
    assert.deepEqual(readdirSync(scratch.path), []);
  });
});

suite("who goes on", () => {
  test("takes the newest journal whose writer is gone, and not one that is being written", async () => {
    using scratch = folder();
    const path = abandoned(scratch.path, (journal) =>
      journal.trial(of, { trial: one, place: 0, run }),
    );
    using living = begin(scratch.path);
    assert.notEqual(living.path, path);
    const { journal, recorded } = await takeOver(null, scratch.path, harness, keeper);
    assert.equal(journal.path, path);
    assert.equal(recorded.kept, 1);
    journal[Symbol.dispose]();
    // Now it is ours too.
    for (const file of [null, path, living.path]) {
      await assert.rejects(takeOver(file, scratch.path, harness, keeper), (error) => {
        const sentence = new RegExp(`still being written by process ${process.pid}:`, "u");
        return error instanceof ConfigError && sentence.test(error.message);
      });
    }
  });

  const junk = [
    ["holds nothing", (path: string) => void abandoned(path, () => {})],
    ["is empty", (path: string) => writeFileSync(join(path, "2027.journal.jsonl"), "")],
    ["cannot be read", (path: string) => writeFileSync(join(path, "2027.journal.jsonl"), "{}\n")],
    ["was written elsewhere", (path: string) => void distant(path)],
  ] as const;
  for (const [name, put] of junk) {
    test(`passes over a newer journal that ${name}`, async () => {
      using scratch = folder();
      const path = abandoned(scratch.path, (journal) =>
        journal.trial(of, { trial: one, place: 0, run }),
      );
      put(scratch.path);
      assert.equal(readdirSync(scratch.path).length, 2);
      const { journal } = await takeOver(null, scratch.path, harness, keeper);
      assert.equal(journal.path, path);
      journal[Symbol.dispose]();
    });
  }

  test("takes a journal that was written elsewhere only by its name, and is told where", async () => {
    using scratch = folder();
    const path = distant(scratch.path);
    await assert.rejects(takeOver(null, scratch.path, harness, keeper), (error) => {
      return error instanceof ConfigError && /another-host.*after --resume/u.test(error.message);
    });
    const told: string[] = [];
    const telling = { ...keeper, onProblem: (text: string) => void told.push(text) };
    const { journal } = await takeOver(path, scratch.path, harness, telling);
    assert.equal(journal.path, path);
    assert.match(told.join("\n"), /written by process \d+ on another-host, /u);
    journal[Symbol.dispose]();
  });

  const refusals = [
    ["another revision", { ...harness, revision: "def" }, /revision abc, and this is .*def/u],
    ["another version", { ...harness, version: "2.0.0" }, /version 1\.2\.3.* this is version 2/u],
  ] as const;
  for (const [name, code, sentence] of refusals) {
    test(`with ${name} of the code is refused`, async () => {
      using scratch = folder();
      const path = abandoned(scratch.path, () => {});
      await assert.rejects(takeOver(path, scratch.path, code, keeper), (error) => {
        return error instanceof ConfigError && sentence.test(error.message);
      });
    });
  }

  const files = [
    ["no journal", null, /no run was cut off: there is no \*\.journal\.jsonl in .*--resume/u],
    ["a file that is none", "{}\n", /is no journal that can be read/u],
    ["an empty one", "", /is empty/u],
  ] as const;
  for (const [name, text, sentence] of files) {
    test(`with ${name} is told so`, async () => {
      using scratch = folder();
      if (text !== null) writeFileSync(join(scratch.path, "x.journal.jsonl"), text);
      await assert.rejects(takeOver(null, scratch.path, harness, keeper), (error) => {
        return error instanceof ConfigError && sentence.test(error.message);
      });
    });
  }
});

suite("lines that find no room", () => {
  const skip = !existsSync("/dev/full") && "there is no /dev/full";
  test("are told once, and kept", { skip }, () => {
    const troubles: unknown[] = [];
    using file = new LineFile("/dev/full", "a", (error) => troubles.push(error));
    file.append("one");
    file.append("two");
    assert.equal(file.unwritten, 2);
    assert.equal(troubles.length, 1);
    assert.match(String(troubles[0]), /ENOSPC/u);
  });

  test("are whole once there is some, wherever the room ended", { skip: none }, async () => {
    using scratch = folder();
    const path = join(scratch.path, "lines");
    const program = `
      import { spawnSync } from "node:child_process";
      import { LineFile } from ${JSON.stringify(new URL("../../experiments/line-file.ts", import.meta.url).href)};
      const allow = (bytes) => spawnSync("prlimit", ["--pid=" + process.pid, "--fsize=" + bytes + ":unlimited"]);
      const file = new LineFile(process.argv[1], "ax", (error) => console.log(error.code));
      allow(1005);
      for (let n = 0; n < 200; n += 1) file.append("line " + n);
      allow("unlimited");
      file.append("the last");
      console.log(file.unwritten);
      file[Symbol.dispose]();
    `;
    const args = ["--input-type=module", "--eval", program, path];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    assert.deepEqual(await once(child, "close"), [0, null]);
    assert.equal(out, "EFBIG\n0\n");
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
    assert.equal(readFileSync(path, "utf8"), `${lines.join("")}the last\n`);
  });
});

test("a file that is written whole leaves nothing behind when it cannot be", async () => {
  const { writeWhole } = await import("../../experiments/results-files.ts");
  using scratch = folder();
  const taken = join(scratch.path, "taken");
  using _ = new LineFile(taken, "ax", () => {});
  await writeWhole(taken, "whole");
  assert.equal(readFileSync(taken, "utf8"), "whole");
  // No file can take a folder's place.
  await assert.rejects(writeWhole(scratch.path, "text"), /EISDIR|EEXIST|ENOTEMPTY/u);
  assert.deepEqual(readdirSync(scratch.path), ["taken"]);
});

test("a file that is written whole gets the folders that it is to be in, or says why not", async () => {
  const { assertWritable, writeWhole } = await import("../../experiments/results-files.ts");
  using scratch = folder();
  const deep = join(scratch.path, "one", "two");
  await Promise.all([writeWhole(join(deep, "a"), "a"), writeWhole(join(deep, "b"), "b")]);
  assert.deepEqual(readdirSync(deep).toSorted(), ["a", "b"]);
  await assert.rejects(assertWritable(join(deep, "a", "below")), /ENOTDIR|ENOENT/u);
  // Nobody makes folders there.
  await assert.rejects(writeWhole("/proc/none/at/all", "text"), /ENOENT|EACCES|EPERM/u);
});
