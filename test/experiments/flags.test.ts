import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CommanderError } from "commander";
import { parseFlags, type Flags } from "../../experiments/flags.ts";
import { profiles } from "../../experiments/axes.ts";
import { reports } from "../../experiments/report/index.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import { techniques } from "../../techniques/index.ts";

function read(line: string): Flags {
  return parseFlags(line === "" ? [] : line.split(" "), techniques, reports);
}

const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

suite("what is measured", () => {
  const rows = [
    ["", profiles, true],
    ["--browser firefox", profiles, true],
    ["--repeat 3", profiles, true],
    ["--technique query-parameter", ["default"], false],
    ["--placement cross-site", ["default"], false],
    ["--scheme ws --certificates", ["default"], true],
    ["--through nginx", ["default"], false],
    ["--profile private,default", ["default", "private"], false],
    ["--technique query-parameter --profile private", ["private"], false],
  ] as const;
  for (const [line, expectedProfiles, certificates] of rows) {
    test(`with "${line}": profiles ${expectedProfiles.join(", ")}, certificates ${certificates}`, () => {
      const flags = read(line);
      assert.deepEqual(flags.profiles, expectedProfiles);
      assert.equal(flags.certificates, certificates);
    });
  }

  test("other profiles meet the scenarios that show what they change, unless scenarios are chosen", () => {
    assert.deepEqual(ids(read("").scenarios), ids(scenarios));
    const proof = ["missing", "rotation"];
    for (const profile of ["third-party-blocked", "private"] as const) {
      assert.deepEqual(ids(read("").scenariosWith(profile)), proof);
    }
    const allowed = ids(read("").scenariosWith("third-party-allowed"));
    assert.deepEqual(allowed, [...proof, "hijack-cross-site"]);
    for (const profile of profiles) {
      assert.deepEqual(ids(read("--scenario forged").scenariosWith(profile)), ["forged"]);
    }
  });

  test("the default profile meets every scenario, and reconnect-backoff those about a backoff, if there are any", () => {
    assert.deepEqual(ids(read("").scenariosWith("default")), ids(scenarios));
    const about = ids(scenarios).filter((id) => id === "backoff");
    assert.deepEqual(ids(read("").scenariosWith("reconnect-backoff")), about);
  });
});

test("what one placement is enough for is tried at those that are asked for", () => {
  assert.equal(read("").choosesPlacements, false);
  assert.equal(read("--scheme wss").choosesPlacements, false);
  assert.equal(read("--placement same-site,cross-site").choosesPlacements, true);
});

suite("a run that goes on", () => {
  test("is the newest, or the one whose journal is named", () => {
    assert.equal(read("").resume, null);
    assert.deepEqual(read("--resume").resume, { journal: null });
    assert.deepEqual(read("--resume /x.journal.jsonl").resume, { journal: "/x.journal.jsonl" });
  });

  test("can be told anew where its reports go, and how they look", () => {
    const { files, folder, axes } = read("--resume --json /x.json --folder /y --axes");
    assert.deepEqual([...files], [["json", "/x.json"]]);
    assert.deepEqual([folder, axes], ["/y", true]);
  });

  const selecting = [
    "--browser firefox",
    "--technique ticket",
    "--scenario valid",
    "--placement same-site",
    "--scheme ws",
    "--profile private",
    "--certificates",
    "--through nginx",
    "--repeat 2",
    "--headful",
  ];
  for (const line of selecting) {
    test(`is not given ${line}, which would change what is measured`, (context) => {
      context.mock.method(process.stderr, "write", () => true);
      const sentence = new RegExp(`^error: --resume .* leave ${line.split(" ")[0]} away`, "u");
      assert.throws(
        () => read(`--resume x ${line}`),
        (error) => error instanceof CommanderError && sentence.test(error.message),
      );
    });
  }
});

suite("wrong usage is refused with a sentence that says what there is", () => {
  const rows = [
    ["--placement next-door", /no placement "next-door"; there is same-origin, same-host/u],
    ["--scheme http+wss", /no scheme "http\+wss"; there is ws, wss/u],
    ["--profile incognito", /no profile "incognito"; there is default, third-party-allowed/u],
    ["--through caddy", /no proxy "caddy"; there is nginx/u],
    ["--through nginx --certificates", /make two runs/u],
    ["--technique ,", /technique is missing/u],
    ["--repeat 0", /whole number from 1 to 1000/u],
  ] as const;
  for (const [line, message] of rows) {
    test(line, (context) => {
      context.mock.method(process.stderr, "write", () => true);
      assert.throws(
        () => read(line),
        (error) => error instanceof CommanderError && message.test(error.message),
      );
    });
  }
});
