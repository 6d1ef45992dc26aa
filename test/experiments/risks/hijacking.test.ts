import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt } from "../../../model/observation.ts";
import type { JudgedTrial } from "../../../model/results.ts";
import type { Caller } from "../../../model/trial.ts";
import { hijacking } from "../../../experiments/risks/hijacking.ts";
import { refused } from "../report/sample-attempts.ts";
import { assess, keptOut, letIn, lost, own, setting, threw, trialOf, unmade } from "./made-up.ts";

const scenarios: Partial<Record<Caller, string>> = {
  "cross-site-page": "hijack-cross-site",
  "cross-site-sandbox": "hijack-sandboxed",
  "sibling-page": "hijack-sibling",
  "other-port-page": "hijack-other-port",
};

interface Case {
  readonly good?: Attempt;
  readonly ambient?: Attempt;
  readonly attack?: Attempt;
  readonly unchecked?: Attempt | null;
  readonly from?: Caller;
  readonly sets?: readonly string[];
}

function hijack(
  {
    good = own,
    ambient = letIn(),
    attack = keptOut({}, "origin not allowed"),
    unchecked = keptOut(),
    from = "cross-site-page",
    sets = [],
  }: Case,
  more: Partial<JudgedTrial> = {},
): JudgedTrial {
  const first =
    sets.length === 0 ? good : { ...good, evidence: [setting(...sets), ...good.evidence] };
  return trialOf(
    "hijacking",
    scenarios[from] ?? "",
    [
      first,
      ambient,
      { ...attack, from, expect: "refused" },
      ...(unchecked === null ? [] : [{ ...unchecked, from, without: "origin-check" as const }]),
    ],
    more,
  );
}

const presentedInVain: Attempt = { ...refused("none", "#1", "token already used"), given: null };

const rows: readonly {
  readonly name: string;
  readonly trial: JudgedTrial;
  readonly word: string;
  readonly severity: string;
  readonly sentence: RegExp;
}[] = [
  {
    name: "an attacker who is let in",
    trial: hijack({ attack: letIn(), unchecked: letIn() }),
    word: "open",
    severity: "danger",
    sentence: /^Without a token, a page on another site was let in as alice\.$/,
  },
  {
    name: "an attacker who is let in, although the page's own connection was not seen to be",
    trial: hijack({ good: lost({ present: "fresh" }), attack: letIn() }),
    word: "open",
    severity: "danger",
    sentence: /let in as alice/,
  },
  {
    name: "an attacker whom only the check stops",
    trial: hijack({ unchecked: letIn() }),
    word: "only the Origin check",
    severity: "mind",
    sentence: /refused \(origin not allowed\); without it, it was let in as alice/,
  },
  {
    name: "a cookie that is SameSite=Strict",
    trial: hijack({ sets: ["Domain=t1.example.com; HttpOnly; SameSite=Strict"] }),
    word: "only SameSite=Strict",
    severity: "mind",
    sentence: /set with Domain=…; HttpOnly; SameSite=Strict/,
  },
  {
    name: "a cookie that is SameSite=Lax",
    trial: hijack({ sets: ["samesite=lax"], from: "cross-site-sandbox" }),
    word: "only SameSite=Lax",
    severity: "mind",
    sentence: /a sandboxed frame on another site; the cookie was set with samesite=lax/,
  },
  {
    name: "a cookie that is withheld from a page of the same site, where SameSite says nothing",
    trial: hijack({ sets: ["SameSite=Strict"], from: "sibling-page" }),
    word: "only what the browser withholds",
    severity: "mind",
    sentence: /a sibling subdomain/,
  },
  {
    name: "a cookie that is withheld although it is for other sites",
    trial: hijack({ sets: ["SameSite=None; Secure"] }),
    word: "only what the browser withholds",
    severity: "mind",
    sentence: /SameSite=None; Secure/,
  },
  {
    name: "cookies with different values",
    trial: hijack({ sets: ["SameSite=None", "SameSite=Strict"] }),
    word: "only what the browser withholds",
    severity: "mind",
    sentence: /SameSite=None and with SameSite=Strict/,
  },
  {
    name: "cached credentials that are withheld",
    trial: hijack({}),
    word: "only what the browser withholds",
    severity: "mind",
    sentence: /presented nothing for a page on another site\.$/,
  },
  {
    name: "a browser that does not let the attacker open a socket",
    trial: hijack({ attack: threw(), unchecked: threw() }),
    word: "only what the browser withholds",
    severity: "mind",
    sentence: /lets no socket be opened by/,
  },
  {
    name: "a technique of which nothing is presented by itself",
    trial: hijack({ ambient: keptOut(), attack: keptOut() }),
    word: "by design",
    severity: "fine",
    sentence: /refused \(no credential\), and so was the page itself \(no credential\)/,
  },
  {
    name: "a page that is a stranger itself, since a frame opens the sockets, with a cookie",
    trial: hijack({ ambient: keptOut({}, "origin not allowed"), sets: ["SameSite=Strict"] }),
    word: "only SameSite=Strict",
    severity: "mind",
    sentence: /^The browser presents this credential \(cookie\) by itself, but/,
  },
  {
    name: "a page that is a stranger itself, with a credential that nobody saw",
    trial: hijack({ ambient: keptOut({}, "origin not allowed") }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /origin not allowed/,
  },
  {
    name: "a page that was not let in",
    trial: hijack({ good: { ...keptOut(), present: "fresh", given: "#1" }, ambient: keptOut() }),
    word: "nothing to hijack",
    severity: "unknown",
    sentence: /The page itself was not let in: no credential/,
  },
  {
    name: "an attack that no server heard of",
    trial: hijack({ attack: lost(), unchecked: lost() }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /whether a page on another site gets in: no server heard of it/,
  },
  {
    name: "an attack without the check that no server heard of",
    trial: hijack({ unchecked: lost() }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /what keeps a page on another site out: no server heard of it/,
  },
  {
    name: "an attack without the check that was not made",
    trial: hijack({ unchecked: null }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /it was not tried/,
  },
  {
    name: "a page of its own that nobody heard of when it presented nothing",
    trial: hijack({ ambient: lost() }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /no server heard of it/,
  },
  {
    name: "a credential that the browser presents for the attacker, and the server refuses",
    trial: hijack({ unchecked: presentedInVain }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /presented the credential there too, and it was refused: token already used/,
  },
  {
    name: "our own failure",
    trial: hijack({ attack: { ...threw(), end: "harness-error" } }),
    word: "nothing shown",
    severity: "unknown",
    sentence: /our own code broke: SecurityError: … is not for you/,
  },
  {
    name: "a browser that crashed",
    trial: unmade("hijacking", "hijack-cross-site"),
    word: "nothing shown",
    severity: "unknown",
    sentence: /the browser stopped answering/,
  },
];

describe("hijacking, from what both ends saw:", () => {
  for (const { name, trial, ...expected } of rows) {
    test(name, () => {
      const [cell, ...others] = assess(hijacking, [trial]);
      assert.deepEqual(others, []);
      assert.equal(cell?.word, expected.word);
      assert.equal(cell.severity, expected.severity);
      assert.match(cell.sentence, expected.sentence);
      assert.ok(hijacking.outcomes.some(({ word }) => word === cell.word));
    });
  }
});

describe("cells of hijacking", () => {
  const crossSite = { placement: "cross-site" } as const;
  const everywhere = ["same-host, wss", "cross-site, wss"];
  const open = { attack: letIn(), unchecked: letIn() };

  test("come worst first, each where it was found", () => {
    const cells = assess(hijacking, [hijack({}), hijack(open, crossSite)]);
    assert.deepEqual(
      cells.map(({ word, where }) => [word, where.variants, where.of.length]),
      [
        ["open", ["cross-site, wss"], 2],
        ["only what the browser withholds", ["same-host, wss"], 2],
      ],
    );
  });

  test("are one when placements and attackers agree", () => {
    const attackers = ["cross-site-page", "other-port-page"] as const;
    const trials = attackers.flatMap((from) => [
      hijack({ ...open, from }),
      hijack({ ...open, from }, crossSite),
    ]);
    const [cell, ...others] = assess(hijacking, trials);
    assert.deepEqual(others, []);
    assert.deepEqual(cell?.where, {
      variants: ["same-host, wss", "cross-site, wss"],
      of: ["same-host, wss", "cross-site, wss"],
      callers: attackers,
    });
    assert.match(
      cell.sentence,
      /^Without a token, a page on another site or a page on another port/,
    );
    assert.equal(cell.evidence.length, 4);
  });

  test("are of each attacker where they were tried at different placements", () => {
    const cells = assess(hijacking, [
      hijack(open),
      hijack(open, crossSite),
      hijack({ ...open, from: "sibling-page" }, crossSite),
    ]);
    assert.deepEqual(
      cells.map(({ where }) => [where.callers, where.variants, where.of]),
      [
        [["cross-site-page"], everywhere, everywhere],
        [["sibling-page"], ["cross-site, wss"], ["cross-site, wss"]],
      ],
    );
  });

  test("are of each attacker where they were let in at different placements", () => {
    const cells = assess(hijacking, [
      hijack({}),
      hijack(open, crossSite),
      hijack({ ...open, from: "sibling-page" }, crossSite),
    ]).filter(({ word }) => word === "open");
    assert.deepEqual(
      cells.map(({ where }) => where.callers),
      [["cross-site-page"], ["sibling-page"]],
    );
  });

  test("point at the attempts that show it", () => {
    const trial = hijack({ unchecked: letIn() });
    const [cell] = assess(hijacking, [trial]);
    assert.deepEqual(cell?.evidence, [
      { trial, attempt: 2 },
      { trial, attempt: 3 },
    ]);
  });
});
