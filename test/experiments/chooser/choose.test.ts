import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Choice, choose } from "../../../experiments/chooser/choose.ts";
import {
  type Constraints,
  parseConstraints,
  queryOf,
  unconstrained,
} from "../../../experiments/chooser/constraints.ts";
import { situations } from "../../../experiments/chooser/situations.ts";
import type {
  BrowserFacts,
  ChooserCell,
  ChooserTable,
} from "../../../experiments/chooser/table.ts";
import { cell, facts, leak, tableOf, variant } from "./sample-table.ts";

const fine = [cell("hijacking", "fine"), cell("leaks", "fine")];

/** "1 cookie", "? ticket", "× header: does not work here" */
function shortly(choices: readonly Choice[]): string[] {
  return choices.map((choice) => {
    const { id } = choice.technique;
    switch (choice.state) {
      case "ranked":
        return `${choice.rank} ${id}`;
      case "unknown":
        return `? ${id}`;
      case "excluded":
        return `× ${id}: ${choice.because}`;
    }
  });
}

suite("ranked", () => {
  const rows: readonly { name: string; table: ChooserTable; expected: string[] }[] = [
    {
      name: "danger comes after unknown, unknown after what can be lived with, and that after fine",
      table: tableOf({
        danger: facts({ cells: [cell("hijacking", "danger"), cell("leaks", "fine")] }),
        unknown: facts({ cells: [cell("hijacking", "unknown"), cell("leaks", "fine")] }),
        mind: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "fine")] }),
        fine: facts({ cells: fine }),
      }),
      expected: ["1 fine", "2 mind", "3 unknown", "4 danger"],
    },
    {
      name: "one danger weighs more than everything else that can be lived with",
      table: tableOf({
        danger: facts({ cells: [cell("hijacking", "danger"), cell("leaks", "fine")] }),
        minds: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "mind")] }),
      }),
      expected: ["1 minds", "2 danger"],
    },
    {
      name: "a risk counts once, however many of its cells are bad",
      table: tableOf({
        thrice: facts({
          cells: [
            cell("leaks", "mind", { about: "socket's url" }),
            cell("leaks", "mind", { about: "console" }),
            cell("hijacking", "fine"),
          ],
        }),
        twice: facts({ cells: [cell("leaks", "mind"), cell("hijacking", "mind")] }),
      }),
      expected: ["1 thrice", "2 twice"],
    },
    {
      name: "a risk of which there is no trial is unknown, and not fine",
      table: tableOf({
        silent: facts({ cells: [cell("hijacking", "fine")] }),
        told: facts({ cells: [cell("hijacking", "fine"), cell("leaks", "mind")] }),
      }),
      expected: ["1 told", "2 silent"],
    },
    {
      name: "a risk that has no meaning for a technique does not count against it",
      table: tableOf({
        known: facts({ cells: fine }),
        pointless: facts({
          cells: [cell("leaks", "fine")],
          pointless: [{ risk: "hijacking", reason: "no browser sends it" }],
        }),
      }),
      expected: ["1 known", "1 pointless"],
    },
    {
      name: "those between which nothing decides share a rank, and the next one is counted on",
      table: tableOf({
        one: facts({ cells: fine }),
        worse: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "fine")] }),
        two: facts({ cells: fine }),
      }),
      expected: ["1 one", "1 two", "3 worse"],
    },
    {
      name: "of equals, the one with more trials passed comes first",
      table: tableOf({
        less: facts({ cells: fine, variants: [variant("works", 6)] }),
        more: facts({ cells: fine }),
      }),
      expected: ["1 more", "2 less"],
    },
    {
      name: "what else than the page can connect does not count for those who do not ask",
      table: tableOf({
        windows: facts({ cells: [...fine, cell("callers", "mind")] }),
        anywhere: facts({ cells: [...fine, cell("callers", "fine")] }),
      }),
      expected: ["1 windows", "1 anywhere"],
    },
    {
      name: "the worst of the browsers that are asked for counts",
      table: tableOf({
        both: {
          firefox: facts({ cells: fine }),
          chrome: facts({ cells: [cell("hijacking", "danger"), cell("leaks", "fine")] }),
        },
        neither: {
          firefox: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "fine")] }),
          chrome: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "fine")] }),
        },
      }),
      expected: ["1 neither", "2 both"],
    },
    {
      name: "what is bad at another placement does not count here",
      table: tableOf({
        elsewhere: facts({
          cells: [
            ...fine,
            cell("hijacking", "danger", {
              where: { variants: ["same-site, wss"], of: ["same-site, wss"], callers: [] },
            }),
          ],
        }),
        mind: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "fine")] }),
      }),
      expected: ["1 elsewhere", "2 mind"],
    },
    {
      name: "what does not depend on the place counts here too",
      table: tableOf({
        leaky: facts({
          cells: [
            cell("hijacking", "fine"),
            cell("leaks", "danger", {
              isPlaceless: true,
              where: { variants: ["same-host, wss"], of: ["same-host, wss"], callers: [] },
            }),
          ],
        }),
        fine: facts({ cells: fine }),
      }),
      expected: ["1 fine", "2 leaky"],
    },
    {
      name: "a cell about tokens that nobody asked for does not count",
      table: tableOf({
        jwt: facts({ cells: [...fine, cell("leaks", "danger", { shapes: ["jwt"] })] }),
        mind: facts({ cells: [cell("hijacking", "mind"), cell("leaks", "fine")] }),
      }),
      expected: ["1 jwt", "2 mind"],
    },
  ];
  for (const { name, table, expected } of rows) {
    test(name, () => assert.deepEqual(shortly(choose(unconstrained, table)), expected));
  }
});

function hijack(changes: Partial<ChooserCell>): BrowserFacts {
  return facts({ cells: [cell("hijacking", "mind", changes), cell("leaks", "fine")] });
}

suite("left away, or not known", () => {
  const library = tableOf(
    { plain: facts({ cells: fine }), socket: facts({ cells: fine }) },
    { socket: ["socket.io-client"] },
  );
  const worker = { callers: ["dedicated-worker"] } as const;
  const callerCell = (severity: "fine" | "mind" | "unknown"): BrowserFacts =>
    facts({
      cells: [
        ...fine,
        cell("callers", severity, {
          where: { variants: ["same-origin, wss"], of: ["same-origin, wss"], ...worker },
        }),
      ],
    });
  const rows: readonly {
    name: string;
    asked?: Partial<Constraints>;
    table: ChooserTable;
    expected: string[];
  }[] = [
    {
      name: "without any trial of what goes wrong nothing is ranked, however well it works",
      table: tableOf({ works: facts(), broken: facts({ variants: [variant("broken", 1)] }) }),
      expected: ["? works", "× broken: does not work here"],
    },
    {
      name: "only cells that are unknown are no better than none",
      table: tableOf({ one: facts({ cells: [cell("hijacking", "unknown")] }) }),
      expected: ["? one"],
    },
    ...(["partly", "broken", "unsafe"] as const).map((word) => ({
      name: `what is ${word} here is left away`,
      table: tableOf({ one: facts({ cells: fine, variants: [variant(word, 3)] }) }),
      expected: ["× one: does not work here"],
    })),
    {
      name: "what was not tried here is unknown",
      asked: { placement: "cross-site" },
      table: tableOf({ one: facts({ cells: fine }) }),
      expected: ["? one"],
    },
    {
      name: "what a browser cannot be given is unknown",
      table: tableOf({
        one: facts({ cells: fine, variants: [{ ...variant("unknown", 0), isSupported: false }] }),
      }),
      expected: ["? one"],
    },
    {
      name: "what has no meaning here is left away",
      table: tableOf({
        one: facts({
          variants: [],
          leftOut: [{ technique: "one", placement: "same-origin", reason: "no parent domain" }],
        }),
      }),
      expected: ["× one: has no meaning here"],
    },
    {
      name: "one browser of those asked for is enough to leave it away",
      table: tableOf({
        one: { firefox: facts({ cells: fine }), chrome: facts({ variants: [variant("broken")] }) },
      }),
      expected: ["× one: does not work here"],
    },
    {
      name: "a browser that nobody asked for is not",
      asked: { browsers: ["firefox"] },
      table: tableOf({
        one: { firefox: facts({ cells: fine }), chrome: facts({ variants: [variant("broken")] }) },
      }),
      expected: ["1 one"],
    },
    {
      name: "no library means none",
      asked: { library: "none" },
      table: library,
      expected: ["1 plain", "× socket: is not what the library offers"],
    },
    {
      name: "a library that is in use already leaves its own technique",
      asked: { library: "socket.io-client" },
      table: library,
      expected: ["1 socket", "× plain: is not what the library offers"],
    },
    {
      name: "a token in the server's access log, also one of no use, a log without it, and one that nobody searched",
      asked: { demands: ["quiet-log"] },
      table: tableOf({
        written: facts({ cells: fine, leaks: [leak("access log", "found")] }),
        silent: facts({ cells: fine }),
        unsearched: facts({ cells: fine, leaks: [leak("access log", "unsearched")] }),
        clean: facts({ cells: fine, leaks: [leak("access log", "clean")] }),
        spent: facts({ cells: fine, leaks: [leak("access log", "found", "mind")] }),
      }),
      expected: [
        "1 clean",
        "1 spent",
        "? silent",
        "? unsearched",
        "× written: leaves a usable token in the server's access log",
      ],
    },
    {
      name: "another log than the one asked for may hold it",
      asked: { demands: ["quiet-log"] },
      table: tableOf({
        one: facts({
          cells: fine,
          leaks: [leak("access log", "clean"), leak("proxy's access log", "found")],
        }),
      }),
      expected: ["1 one"],
    },
    {
      name: "who gets in where the Origin is not looked at",
      asked: { demands: ["without-origin-check"] },
      table: tableOf({
        checked: hijack({ needsOriginCheck: true }),
        attribute: hijack({}),
        open: hijack({ severity: "danger" }),
        unknown: hijack({ severity: "unknown" }),
      }),
      expected: [
        "1 attribute",
        "? unknown",
        "× checked: is not safe without an Origin check",
        "× open: is not safe without an Origin check",
      ],
    },
    {
      name: "sessions that do not end, that end silently, and of which nothing is known",
      asked: { demands: ["ends-sessions"] },
      table: tableOf({
        stays: facts({ cells: [...fine, cell("session-end", "danger")] }),
        silently: facts({ cells: [...fine, cell("session-end", "mind")] }),
        unknown: facts({ cells: [...fine, cell("session-end", "unknown", { about: "revoked" })] }),
        partly: facts({
          cells: [...fine, cell("session-end", "unknown"), cell("session-end", "fine")],
        }),
        untried: facts({ cells: fine }),
      }),
      expected: [
        "1 silently",
        "? unknown",
        "? partly",
        "? untried",
        "× stays: does not end with its session",
      ],
    },
    {
      name: "a refusal that says why, and one that looks like an outage",
      asked: { demands: ["visible-refusal"] },
      table: tableOf({
        alike: facts({ cells: [...fine, cell("visibility", "mind")] }),
        says: facts({ cells: [...fine, cell("visibility", "fine")] }),
      }),
      expected: ["1 says", "× alike: does not tell a page that it was refused"],
    },
    {
      name: "a worker that is let in, one that is not, and one that nobody tried",
      asked: worker,
      table: tableOf({
        not: callerCell("mind"),
        unknown: callerCell("unknown"),
        untried: facts({ cells: fine }),
        in: callerCell("fine"),
      }),
      expected: ["1 in", "? unknown", "? untried", "× not: cannot be used from there"],
    },
    {
      name: "a token that fits, one that does not, and one that nobody tried",
      asked: { shapes: ["16k"] },
      table: tableOf({
        small: facts({
          cells: fine,
          shapes: [
            {
              shape: "16k",
              fit: { state: "refused", by: "server", how: "status 431" },
              evidence: [],
            },
          ],
        }),
        untried: facts({ cells: fine }),
        fits: facts({
          cells: fine,
          shapes: [{ shape: "16k", fit: { state: "fits" }, evidence: [] }],
        }),
      }),
      expected: ["1 fits", "? untried", "× small: does not carry such a token"],
    },
  ];
  for (const { name, asked = {}, table, expected } of rows) {
    test(name, () => {
      assert.deepEqual(shortly(choose({ ...unconstrained, ...asked }, table)), expected);
    });
  }
});

suite("reasons", () => {
  test("come from cells, with the trials that show them, the worst first", () => {
    const table = tableOf({
      one: facts({ cells: [cell("leaks", "mind"), cell("hijacking", "danger")] }),
    });
    const [choice] = choose(unconstrained, table);
    assert.ok(choice?.state === "ranked");
    assert.deepEqual(
      choice.reasons.map(({ subject, severity }) => `${subject}: ${severity}`),
      ["Works here: fine", "Hijacking: danger", "Leaks: mind"],
    );
    assert.deepEqual(choice.reasons[1]?.evidence, cell("hijacking", "danger").evidence);
    assert.deepEqual(choice.advice, ["Do about hijacking.", "Do about leaks."]);
  });

  test("that are the same in several browsers are told once", () => {
    const table = tableOf({
      one: { firefox: facts({ cells: fine }), chrome: facts({ cells: fine }) },
    });
    const [choice] = choose(unconstrained, table);
    assert.deepEqual(
      choice?.reasons.map(({ subject, browsers }) => `${subject}: ${browsers.join(", ")}`),
      [
        "Works here: firefox 1.0, chrome 1.0",
        "Hijacking: firefox 1.0, chrome 1.0",
        "Leaks: firefox 1.0, chrome 1.0",
      ],
    );
  });

  test("say where they were measured when that was over the other scheme", () => {
    const plain = { ...variant("works"), variant: "same-origin, ws" };
    const table = tableOf({ one: facts({ cells: fine, variants: [plain] }) });
    const [choice] = choose({ ...unconstrained, scheme: "ws" }, table);
    assert.equal(choice?.state, "ranked");
    assert.match(choice.reasons[1]?.sentence ?? "", /\(Measured at same-origin, wss\.\)$/);
  });
});

suite("the form's parameters", () => {
  const table = tableOf({ one: facts({ cells: fine }) }, { one: ["mqtt"] });
  const everything: Constraints = {
    browsers: ["firefox"],
    placement: "cross-site",
    scheme: "ws",
    demands: ["quiet-log", "ends-sessions"],
    library: "mqtt",
    shapes: ["jwt", "16k"],
    callers: ["shared-worker"],
  };

  for (const constraints of [
    everything,
    unconstrained,
    ...situations.map((one) => one.constraints),
  ]) {
    const query = queryOf(constraints).toString();
    test(`?${query} stands for what it was made of`, () => {
      const parsed = parseConstraints(new URLSearchParams(query), table);
      assert.deepEqual(parsed, { constraints, problems: [] });
    });
  }

  const problems = [
    {
      query: "browser=netscape",
      problem: /^browser: there is no "netscape"; known are firefox\.$/,
    },
    { query: "placement=moon", problem: /^placement: there is no "moon"/ },
    { query: "placement=", problem: /^placement: there is no ""/ },
    { query: "scheme=wss&scheme=ws", problem: /^scheme takes one value; only "wss" was used\.$/ },
    { query: "demand=__proto__", problem: /^demand: there is no "__proto__"/ },
    { query: "library=toString", problem: /^library: there is no "toString"/ },
    { query: "token=opaque", problem: /^token: there is no "opaque"/ },
    { query: "from=program", problem: /^from: there is no "program"/ },
    { query: "colour=red", problem: /^There is no parameter "colour"; known are browser, / },
    { query: `browser=${"x".repeat(10_000)}`, problem: /^browser: there is no "x{40}…"/ },
  ];
  for (const { query, problem } of problems) {
    test(`?${query.slice(0, 40)} is told in a sentence, and left out`, () => {
      const parsed = parseConstraints(new URLSearchParams(query), table);
      assert.equal(parsed.problems.length, 1);
      assert.match(parsed.problems[0] ?? "", problem);
      assert.deepEqual(parsed.constraints, unconstrained);
    });
  }
});
