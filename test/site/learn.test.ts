import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { outcomeCodes, type OutcomeCode, type SiteData, type SiteRun } from "../../site/data.ts";
import {
  answered,
  answerOf,
  answersAnywhere,
  choicesOf,
  guessAfter,
  optionIds,
  optionOf,
  rightAnswers,
  runsAsTheyCome,
} from "../../site/learn-answers.ts";
import { isConclusive } from "../../site/outcomes-in.ts";
import { addressOf, readLearnState, slideFrom, slideNames } from "../../site/learn-state.ts";
import { isAskedLive, lessonIds, lessons, trialsOf, type Lesson } from "../../site/lessons.ts";
import { linksFrom } from "../../site/links.ts";
import { learnText, lessonTexts } from "../../site/text/learn.ts";
import { renderLearn } from "../../site/views/learn.ts";
import { techniques } from "../../techniques/index.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import { publishedData } from "./compare-data.ts";

const links = linksFrom("");

function rendered(data: SiteData, query: string, { isLab = false } = {}): string {
  return String(renderLearn({ data, links, isLab }, new URLSearchParams(query)));
}

function lessonCalled(id: string): Lesson {
  const lesson = lessons.find((one) => one.id === id);
  assert.ok(lesson, id);
  return lesson;
}

/** The answer alone, as words. */
function answerOn(data: SiteData, step: string, guess = ""): string {
  return wordsOf(rendered(data, `step=${step}&present&slide=4&guess=${guess}`));
}

function wordsOf(page: string): string {
  return page
    .replaceAll(/<dialog.*<\/dialog>/gsu, "")
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/\s+/gu, " ");
}

/** The same data, after what a browser showed in a lesson's trials was changed; null: it did not make them. */
function changed(
  data: SiteData,
  lesson: Lesson,
  change: (code: OutcomeCode, browser: string, technique: string) => OutcomeCode | null,
): SiteData {
  const asked = trialsOf(lesson.question);
  const runs = data.runs.map((run): SiteRun => {
    const trials = run.trials.flatMap((packed): SiteRun["trials"] => {
      const isAsked = asked.some(
        ({ technique, scenario, placement, scheme }) =>
          data.techniques[packed[0]]?.id === technique &&
          data.scenarios[packed[1]]?.id === scenario &&
          data.placements[packed[2]] === placement &&
          data.schemes[packed[3]] === scheme,
      );
      const code = outcomeCodes[packed[4]];
      if (!isAsked || code === undefined) return [packed];
      const after = change(code, run.browser.id, data.techniques[packed[0]]?.id ?? "");
      return after === null
        ? []
        : [[packed[0], packed[1], packed[2], packed[3], outcomeCodes.indexOf(after)]];
    });
    return { ...run, trials };
  });
  return { ...data, runs };
}

/** Firefox as it comes, as if its run had another source. */
function firefoxAs(
  { runs }: SiteData,
  source: SiteRun["source"],
  key: string,
  startedAt?: string,
): SiteRun[] {
  return runs
    .filter(({ browser, profile }) => browser.id === "firefox" && profile.name === "default")
    .map((run) => ({ ...run, source, key, startedAt: startedAt ?? run.startedAt }));
}

function answeringKeys(runs: readonly SiteRun[]): readonly string[] {
  return runsAsTheyCome({ runs }).map(({ key }) => key);
}

suite("the path", () => {
  test("passes every technique's folder, and names nothing that does not exist", () => {
    const folders = new Set(techniques.map(({ id, folder = id }) => folder));
    const named = lessons.flatMap((lesson) => [
      ...lesson.techniques,
      ...trialsOf(lesson.question).map(({ technique }) => technique),
    ]);
    for (const id of named) {
      const technique = techniques.find((one) => one.id === id);
      assert.ok(technique, id);
      folders.delete(technique.folder ?? technique.id);
    }
    assert.deepEqual([...folders], []);
    for (const { question } of lessons) {
      for (const { scenario } of trialsOf(question)) {
        assert.ok(
          scenarios.some(({ id }) => id === scenario),
          scenario,
        );
      }
    }
  });

  test("has words for all that can be chosen, and no others", () => {
    for (const { id, question } of lessons) {
      const expected = question.kind === "which" ? ["yes"] : optionIds(question);
      assert.deepEqual(Object.keys(lessonTexts[id].options), expected, id);
    }
  });

  test("asks questions of which no outcome has two answers, and no option is without one", () => {
    for (const { id, question } of lessons) {
      if (question.kind === "which") continue;
      const codes = question.options.flatMap(({ outcomes }) => outcomes);
      assert.equal(new Set(codes).size, codes.length, id);
      assert.ok(codes.every(isConclusive), id);
      assert.ok(
        question.options.every(({ outcomes }) => outcomes.length > 0),
        id,
      );
    }
  });

  test("cites sources over https", () => {
    for (const { users = [], source } of Object.values(lessonTexts)) {
      for (const { href } of [...users, ...(source === undefined ? [] : [source])]) {
        assert.equal(new URL(href).protocol, "https:");
      }
    }
  });

  test("leads from its first slide to its last and back", () => {
    let state = readLearnState(new URLSearchParams("present"));
    let count = 1;
    for (let next = slideFrom(state, 1); next !== undefined; next = slideFrom(state, 1)) {
      state = { ...state, ...next };
      count += 1;
    }
    assert.equal(count, lessonIds.length * slideNames.length);
    for (let next = slideFrom(state, -1); next !== undefined; next = slideFrom(state, -1)) {
      state = { ...state, ...next };
      count -= 1;
    }
    assert.equal(count, 1);
  });
});

suite("an address", () => {
  const addresses = [
    { name: "of a step", query: "step=ticket" },
    { name: "of a guess", query: "step=ticket&guess=yes" },
    {
      name: "of several guesses and the answer",
      query: "step=protocols&guess=mqtt-connect,none&answer=1",
    },
    { name: "of a slide", query: "step=ticket&present=1&slide=3" },
    { name: "of a dark slide", query: "step=ticket&present=1&slide=5&theme=dark" },
  ];
  for (const { name, query } of addresses) {
    test(`${name} says all that it takes to come back`, () => {
      const address = addressOf(links, readLearnState(new URLSearchParams(query)));
      assert.equal(new URL(address, "http://localhost/").search, `?${query}`);
    });
  }

  const strange = [
    { name: "a slide that does not exist", query: "step=ticket&present&slide=99", slide: 5 },
    { name: "a slide before the first", query: "step=ticket&present&slide=-1", slide: 1 },
    { name: "a slide that is no number", query: "step=ticket&present&slide=x", slide: 1 },
    { name: "half a slide", query: "step=ticket&present&slide=2.5", slide: 1 },
  ];
  for (const { name, query, slide } of strange) {
    test(`with ${name} is read as a slide that does`, () => {
      assert.equal(readLearnState(new URLSearchParams(query)).slide, slide);
    });
  }
});

suite("a guess", () => {
  const { question: one } = lessonCalled("user-information");
  const { question: some } = lessonCalled("protocols");
  const rows = [
    {
      name: "replaces another one",
      question: one,
      guess: ["own"],
      chosen: "other",
      after: ["other"],
    },
    {
      name: "is added",
      question: some,
      guess: ["mqtt-connect"],
      chosen: "graphql-ws",
      after: ["mqtt-connect", "graphql-ws"],
    },
    {
      name: "is taken away",
      question: some,
      guess: ["mqtt-connect", "graphql-ws"],
      chosen: "mqtt-connect",
      after: ["graphql-ws"],
    },
    {
      name: "that it is none of them takes all others away",
      question: some,
      guess: ["mqtt-connect"],
      chosen: "none",
      after: ["none"],
    },
    {
      name: "of one of them takes away that it is none",
      question: some,
      guess: ["none"],
      chosen: "mqtt-connect",
      after: ["mqtt-connect"],
    },
  ];
  for (const { name, question, guess, chosen, after } of rows) {
    test(name, () => assert.deepEqual(guessAfter(question, guess, chosen), after));
  }
});

suite("the answers, of the published results", () => {
  let data: SiteData;
  before(async () => void (data = await publishedData()));

  test("are there for every step, each with one option for what each browser did", () => {
    for (const { id, question } of lessons) {
      const { options, others, without } = answered(data, question);
      assert.deepEqual(others, [], `${id}: an outcome that no option foresees`);
      assert.deepEqual(without, [], id);
      assert.ok(rightAnswers(data, question).size > 0, id);
      if (question.kind === "which") continue;
      const runs = options.flatMap(({ answers }) => answers.map(({ run }) => run));
      assert.equal(new Set(runs).size, runs.length, `${id}: a browser in two options`);
    }
  });

  test("have words for every outcome at other places, too", () => {
    for (const { id, question } of lessons) {
      if (question.kind === "which") continue;
      for (const run of runsAsTheyCome(data)) {
        for (const answer of answersAnywhere(data, run, question.trial)) {
          if (!isConclusive(answer.code)) continue;
          assert.ok(optionOf(question, answer), `${id}: ${answer.code}`);
        }
      }
    }
  });

  test("say what the verdicts say: of every option, the browsers that did so and no others", () => {
    for (const lesson of lessons) {
      const { question } = lesson;
      if (question.kind === "which") continue;
      const page = rendered(data, `step=${lesson.id}&present&slide=4`);
      const tiles = [...page.matchAll(/<li class="learn-outcome.*?<\/li>/gsu)].map(
        ([tile]) => tile,
      );
      assert.equal(tiles.length, question.options.length, lesson.id);
      for (const [index, { outcomes }] of question.options.entries()) {
        const expected: readonly SiteRun[] = runsAsTheyCome(data).filter((run) =>
          answersAnywhere(data, run, question.trial).some(
            ({ trial, code }) =>
              trial.placement === question.trial.placement &&
              trial.scheme === question.trial.scheme &&
              outcomes.some((one) => one === code),
          ),
        );
        const linked = [...(tiles[index] ?? "").matchAll(/run=([^&"]+)/gu)].map(([, key]) => key);
        assert.deepEqual(
          linked,
          expected.map(({ key }) => key),
          `${lesson.id}, option ${index + 1}`,
        );
      }
    }
  });

  test("of user information: browsers differ, and each is named where it belongs", () => {
    const lesson = lessonCalled("user-information");
    const right = new Map(
      [...rightAnswers(data, lesson.question)].map(([{ browser }, ids]) => [browser.id, ids]),
    );
    assert.deepEqual(Object.fromEntries(right), {
      chrome: ["own"],
      firefox: ["other"],
      webkit: ["own"],
    });
    assert.match(answerOn(data, lesson.id), /They differ\./u);
    assert.match(
      answerOn(data, lesson.id, "own"),
      /You were right about Chromium [^.]*[\d.]+ and WebKitGTK MiniBrowser [\d.]+ ✗ Not so in Firefox/u,
    );
  });
});

suite("other results give other answers", () => {
  let data: SiteData;
  before(async () => void (data = await publishedData()));

  for (const { id } of lessons) {
    test(`${id}: when all browsers change, so does what is shown`, () => {
      const lesson = lessonCalled(id);
      const { question } = lesson;
      const codes: readonly OutcomeCode[] =
        question.kind === "which"
          ? ["pass", "not-accepted"]
          : question.options.flatMap(({ outcomes }) => outcomes);
      const pages = codes.map((code) =>
        answerOn(
          changed(data, lesson, () => code),
          id,
        ),
      );
      assert.equal(new Set(pages).size, codes.length);
      for (const page of pages) assert.match(page, /All 3 browsers\./u);
    });

    test(`${id}: when one browser changes, they are said to differ`, () => {
      const lesson = lessonCalled(id);
      const [first = "pass", second = "not-accepted"] =
        lesson.question.kind === "which"
          ? []
          : lesson.question.options.flatMap(({ outcomes }) => outcomes);
      const after = changed(data, lesson, (_code, browser) =>
        browser === "firefox" ? second : first,
      );
      assert.match(answerOn(after, id), /They differ\./u);
    });

    test(`${id}: when nobody measured it, nothing is answered`, () => {
      const lesson = lessonCalled(id);
      const answer = answerOn(
        changed(data, lesson, () => null),
        id,
      );
      assert.ok(answer.includes(learnText.notMeasured), answer);
      assert.doesNotMatch(answer, /All \d|They differ|You were right/u);
    });

    test(`${id}: a crash is no answer`, () => {
      const lesson = lessonCalled(id);
      const answer = answerOn(
        changed(data, lesson, () => "crash"),
        id,
      );
      assert.ok(answer.includes(learnText.notMeasured), answer);
      assert.match(answer, /Nothing can be said: .*the browser stopped/u);
      assert.doesNotMatch(answer, /All \d|They differ|You were right/u);
    });
  }

  suite("a question that was partly measured is answered from what was", () => {
    const lesson = lessonCalled("choosing");
    const passes = ["first-message", "ticket"];
    const ideal = (technique: string): OutcomeCode =>
      passes.includes(technique) ? "pass" : "not-accepted";
    const rows: readonly {
      readonly name: string;
      readonly change: Parameters<typeof changed>[2];
      readonly says: RegExp;
    }[] = [
      {
        name: "all of it",
        change: (_code, _browser, technique) => ideal(technique),
        says: /First message and Single-use ticket\. All 3 browsers\./u,
      },
      ...(["unsupported", "crash", null] as const).map((code) => ({
        name: `one browser in one trial: ${code ?? "not made"}`,
        change: (_code: OutcomeCode, browser: string, technique: string) =>
          browser === "firefox" && technique === "ticket" ? code : ideal(technique),
        says: /First message and Single-use ticket\. All 3 browsers, as far as each could be tried\./u,
      })),
      {
        name: "no browser in one trial",
        change: (_code, _browser, technique) => (technique === "ticket" ? null : ideal(technique)),
        says: /First message\. All 3 browsers\. Not known of Single-use ticket\./u,
      },
      {
        name: "one browser in no trial",
        change: (_code, browser, technique) => (browser === "webkit" ? null : ideal(technique)),
        says: /First message and Single-use ticket\. All 2 browsers\./u,
      },
      {
        name: "only what failed",
        change: (_code, _browser, technique) =>
          passes.includes(technique) ? "unsupported" : "not-accepted",
        says: /None of those that could be tried\. All 3 browsers\. Not known of First message and Single-use ticket\./u,
      },
      {
        name: "browsers that differ where both were tried",
        change: (_code, browser, technique) =>
          technique !== "ticket" ? null : browser === "firefox" ? "not-accepted" : "pass",
        says: /They differ\./u,
      },
    ];
    for (const { name, change, says } of rows) {
      test(name, () => assert.match(answerOn(changed(data, lesson, change), lesson.id), says));
    }
  });

  suite("who answers", () => {
    test("published runs, and neither those of this machine nor visits", () => {
      const runs = [
        ...data.runs,
        ...firefoxAs(data, "local", "mine"),
        ...firefoxAs(data, "visit", "visit-1"),
      ];
      assert.deepEqual(answeringKeys(runs), ["chrome", "firefox", "webkit"]);
      const all = changed({ ...data, runs }, lessonCalled("why"), () => "pass");
      assert.match(answerOn(all, "why"), /All 3 browsers\./u);
    });

    test("where there are none, the newest run of this machine", () => {
      const runs = [
        ...firefoxAs(data, "local", "old", "2026-01-01T00:00:00.000Z"),
        ...firefoxAs(data, "local", "new", "2026-01-02T00:00:00.000Z"),
        ...firefoxAs(data, "visit", "visit-1"),
      ];
      assert.deepEqual(answeringKeys(runs), ["new"]);
    });
  });

  test("a browser that did not always do the same is no answer, and says so", () => {
    const lesson = lessonCalled("why");
    const asked = data.techniques.findIndex(({ id }) => id === "first-message");
    const runs = data.runs.map((run): SiteRun => {
      if (run.key !== "firefox") return run;
      const again = run.trials
        .filter(([technique]) => technique === asked)
        .map(([technique, scenario, placement, scheme]): SiteRun["trials"][number] => [
          technique,
          scenario,
          placement,
          scheme,
          outcomeCodes.indexOf("let-in"),
          0,
        ]);
      return { ...run, trials: [...run.trials, ...again] };
    });
    const answer = answerOn({ ...data, runs }, lesson.id);
    assert.match(answer, /All 2 browsers\./u);
    assert.match(answer, /Nothing can be said: Firefox [\d.]+ \(not always the same\)/u);
  });

  test("what did not pass in one of several trials is called by its own name", () => {
    const lesson = lessonCalled("choosing");
    for (const [code, words] of [
      ["wrong-credential", "another credential"],
      ["let-in", "let in"],
      ["not-accepted", "not accepted"],
    ] as const) {
      const answer = answerOn(
        changed(data, lesson, () => code),
        lesson.id,
      );
      assert.ok(answer.includes(`✗ ${words}`), words);
    }
  });

  test("an outcome that no option foresees is none of these, and no guess is right", () => {
    const lesson = lessonCalled("why");
    const answer = answerOn(
      changed(data, lesson, () => "not-presented"),
      lesson.id,
      "refused",
    );
    assert.match(answer, /None of these\./u);
    assert.match(answer, /Not so in/u);
    assert.doesNotMatch(answer, /You were right/u);
  });

  test("a browser that was given another profile answers nothing", () => {
    const runs = data.runs.map((run): SiteRun => {
      return { ...run, profile: { ...run.profile, name: "private" } };
    });
    for (const { id } of lessons) {
      assert.ok(answerOn({ ...data, runs }, id).includes(learnText.notMeasured), id);
    }
  });

  test("a results file without any run breaks no page", () => {
    for (const { id } of lessons) {
      assert.match(rendered({ ...data, runs: [] }, `step=${id}`), /<h1>/u);
    }
  });
});

suite("pages", () => {
  let data: SiteData;
  before(async () => void (data = await publishedData()));

  test("without a script have all steps, each with its answer folded", () => {
    const page = rendered(data, "");
    const [, all = ""] = /<noscript>(.*)<\/noscript>/su.exec(page) ?? [];
    for (const { id } of lessons) {
      assert.ok(all.includes(`id="${id}"`), id);
      assert.ok(page.includes(`href="learn.html?step=${id}#${id}"`), id);
    }
    assert.equal(all.match(/<details class="learn-answer"\s*>/gu)?.length, lessons.length);
    assert.equal(all.match(/<h1/gu), null);
  });

  test("fold the answer until it is asked for", () => {
    assert.match(rendered(data, "step=why"), /<details class="learn-answer"\s*>/u);
    assert.match(rendered(data, "step=why&answer=1"), /<details class="learn-answer"\s+open\s*>/u);
  });

  test("show no answer on the slides before it", () => {
    for (const id of lessonIds) {
      for (const slide of [1, 2, 3]) {
        const page = rendered(data, `step=${id}&present&slide=${slide}`);
        const [open = "", after = ""] = page.split("which gives the answer away");
        assert.doesNotMatch(open, /evidence\.html/u, `${id}, slide ${slide}`);
        assert.doesNotMatch(page, /learn-(?:headline|outcome|cell)/u, `${id}, slide ${slide}`);
        if (slide !== 2) assert.equal(after, "", `${id}, slide ${slide}`);
      }
    }
  });

  test("say how what can be run differs from what is asked, and link what was measured of that", () => {
    for (const lesson of lessons) {
      const { id, question } = lesson;
      const leftOut = trialsOf(question).every(
        ({ technique }) => data.techniques.find((one) => one.id === technique)?.leftOut !== null,
      );
      const isAsked = isAskedLive(lesson) && !leftOut;
      const { live } = lessonTexts[id];
      assert.equal(live === undefined, isAsked, id);
      for (const isLab of [true, false]) {
        const page = rendered(data, `step=${id}&present&slide=2`, { isLab });
        const queries = [...page.matchAll(/href="evidence\.html\?([^"]*)"/gu)].map(
          ([, query = ""]) => new URLSearchParams(query.replaceAll("&amp;", "&")),
        );
        const named = new Set(queries.map((query) => query.get("technique")));
        const expected = isAsked ? [] : trialsOf(question).map(({ technique }) => technique);
        assert.deepEqual([...named], expected, id);
        for (const query of queries) {
          assert.ok(
            trialsOf(question).some(
              (trial) =>
                trial.technique === query.get("technique") &&
                trial.scenario === query.get("scenario") &&
                trial.placement === query.get("placement") &&
                trial.scheme === query.get("scheme"),
            ),
            `${id}: ${query.toString()}`,
          );
        }
        const words = wordsOf(page);
        const shown = (live ?? "").replaceAll("`", "").slice(0, 20);
        assert.equal(words.includes(shown), live === undefined || isLab || leftOut, id);
        assert.equal(/try\.html/u.test(page), isLab && !leftOut, id);
        if (leftOut) {
          assert.match(words, /Not for a page that was just opened: /u, id);
          assert.doesNotMatch(words, /npm start/u, id);
        }
      }
    }
  });

  test("say of cookies within one site what was measured: `Secure` alone keeps one from plain ws", () => {
    const all = [
      "cookie-cors-strict",
      "cookie-cors-lax",
      "cookie-cors-none",
      "cookie-cors-partitioned",
    ];
    for (const run of runsAsTheyCome(data)) {
      for (const scheme of ["ws", "wss"] as const) {
        const place = { scenario: "valid", placement: "same-site", scheme } as const;
        const passed = all.filter(
          (technique) => answerOf(data, run, { technique, ...place })?.code === "pass",
        );
        const hasNoSecure = (id: string): boolean =>
          !data.techniques.some((one) => one.id === id && one.title.includes("Secure"));
        assert.deepEqual(passed, scheme === "wss" ? all : all.filter(hasNoSecure), run.key);
      }
    }
  });

  test("have one heading of the first level, and no id twice", () => {
    for (const query of [
      "",
      ...lessonIds.flatMap((id) => [`step=${id}`, `step=${id}&present&slide=4`]),
    ]) {
      const page = rendered(data, query);
      assert.equal(page.match(/<h1[ >]/gu)?.length, 1, query);
      const ids = [...page.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length, query);
    }
  });

  test("link to trials that are there", () => {
    const keys = new Set(data.runs.map(({ key }) => key));
    for (const id of lessonIds) {
      const page = rendered(data, `step=${id}`, { isLab: true }).replaceAll("&amp;", "&");
      for (const [, target = ""] of page.matchAll(/href="((?:evidence|try)\.html[^"]*)"/gu)) {
        const { searchParams } = new URL(target, "http://localhost/");
        assert.ok(
          data.techniques.some((one) => one.id === searchParams.get("technique")),
          target,
        );
        if (target.startsWith("evidence"))
          assert.ok(keys.has(searchParams.get("run") ?? ""), target);
      }
    }
  });

  test("offer to run it where there is a lab, and say where there is none", () => {
    assert.match(
      rendered(data, "step=ticket", { isLab: true }),
      /href="try\.html\?technique=ticket&(?:amp;)?input=good"/u,
    );
    assert.doesNotMatch(rendered(data, "step=ticket"), /try\.html/u);
    assert.match(rendered(data, "step=ticket"), /npm start/u);
  });

  test("say that a step is unknown, and show its name as text", () => {
    const page = rendered(data, "step=%3Cimg%20src%3Dx%3E");
    assert.match(page, /There is no step “&lt;img src=x&gt;”/u);
  });

  test("mark what was guessed, and offer every choice once", () => {
    for (const { id, question } of lessons) {
      const [first = ""] = choicesOf(question);
      const page = rendered(data, `step=${id}&guess=${first}`);
      const inputs = [...page.matchAll(/<input\s+type="(?:radio|checkbox)"[^>]*>/gu)].map(
        ([input]) => input,
      );
      assert.equal(inputs.length, choicesOf(question).length, id);
      assert.deepEqual(
        inputs.map((input) => /\schecked\s/u.test(input)),
        inputs.map((_input, index) => index === 0),
        id,
      );
    }
  });
});
