import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { catalogueOf } from "../../experiments/catalogue.ts";
import { readPublished } from "../../experiments/results-files.ts";
import { questions } from "../../site/answers.ts";
import { matching } from "../../site/answer-search.ts";
import { type Mark, proofsOf } from "../../site/answer-proof.ts";
import { type OutcomeCode, outcomeCodes, type SiteData, type SiteRun } from "../../site/data.ts";
import { deriveSite } from "../../site/derive.ts";
import { linksFrom } from "../../site/links.ts";
import { riskBody } from "../../site/risk-page.ts";
import { siteCatalogue } from "../../site/site-files.ts";
import { claimTexts, questionTexts } from "../../site/text/answers.ts";
import { renderAnswers } from "../../site/views/answers.ts";
import { techniques } from "../../techniques/index.ts";
import { hostileResults } from "../experiments/report/hostile-results.ts";

const results = (await readPublished()).at(-1);
assert.ok(results, "results/ holds published results");
const published = deriveSite({
  ...siteCatalogue,
  files: [{ source: "published", prefix: "", results }],
});
const riskCatalogue = catalogueOf(techniques);
const claims = questions.flatMap((question) => question.claims);

function render(data: SiteData): string {
  return String(renderAnswers({ data, links: linksFrom(""), isLab: false }, new URLSearchParams()));
}

function marksOf(id: string, data: SiteData): Readonly<Record<string, Mark>> {
  const claim = claims.find((one) => one.id === id);
  assert.ok(claim, id);
  return Object.fromEntries(proofsOf(claim, data).map(({ run, mark }) => [run.browser.id, mark]));
}

/** The published data, after one run showed another outcome in a scenario of a technique. */
function changed(
  key: string,
  technique: string,
  scenario: string,
  outcome: OutcomeCode | null,
): SiteData {
  const { data } = published;
  const place = [
    data.techniques.findIndex(({ id }) => id === technique),
    data.scenarios.findIndex(({ id }) => id === scenario),
  ];
  const isMeant = (trial: SiteRun["trials"][number]): boolean =>
    trial[0] === place[0] && trial[1] === place[1];
  const runs = data.runs.map((run): SiteRun => {
    if (run.key !== key) return run;
    const trials = run.trials.flatMap((trial): SiteRun["trials"][number][] => {
      if (!isMeant(trial)) return [trial];
      if (outcome === null) return [];
      return [[trial[0], trial[1], trial[2], trial[3], outcomeCodes.indexOf(outcome)]];
    });
    return { ...run, trials };
  });
  return { ...data, runs };
}

suite("the answers, of the published results", () => {
  test("there are twelve, in their order, each with words and claims", () => {
    const ids = Array.from({ length: 12 }, (_, index) => `q${index + 1}`);
    assert.deepEqual(
      questions.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(Object.keys(questionTexts), ids);
    for (const { id, claims: own } of questions) assert.ok(own.length > 0, id);
    assert.deepEqual(
      claims.map(({ id }) => id).toSorted(),
      Object.keys(claimTexts).toSorted(),
      "every claim has words, once, and no words are left over",
    );
  });

  test("sentences name claims of their own question only", () => {
    for (const { id, claims: own } of questions) {
      const { short, explanation } = questionTexts[id];
      const all = [short, ...explanation].join(" ");
      assert.doesNotMatch(all.replaceAll(/\[[^[\]]*\]/gu, ""), /[{}[\]]/u, `${id}: in brackets`);
      for (const [, name = ""] of all.matchAll(/\{([^}]*)\}/gu)) {
        assert.ok(
          own.some((claim) => claim.id === name),
          `${id}: {${name}}`,
        );
      }
    }
  });

  for (const claim of claims) {
    test(`shows "${claim.id}" wherever the answer says so`, () => {
      const proofs = proofsOf(claim, published.data);
      assert.ok(proofs.length > 0, "there are runs to look at");
      const meant = proofs.filter(
        ({ run }) => claim.where === "all" || claim.where.includes(run.browser.id),
      );
      assert.ok(meant.length > 0, "there are runs in which it is said to hold");
      assert.ok(
        proofs.some(({ mark }) => mark !== "not-measured"),
        "it was measured",
      );
      console.log(
        `${claim.id}: ${proofs.map(({ run, mark }) => `${run.browser.id} ${mark}`).join(", ")}`,
      );
      assert.deepEqual(
        proofs.filter(({ isBroken }) => isBroken).map(({ run, texts }) => [run.key, ...texts]),
        [],
        "what the answer says is shown",
      );
      const unlike = meant.filter(({ mark }) => mark !== "shown").map(({ run }) => run.key);
      assert.deepEqual(unlike, []);
    });
  }

  test("lead to trials that were made", () => {
    const links = [...render(published.data).matchAll(/href="evidence\.html\?([^"]+)"/gu)];
    assert.ok(links.length > 100);
    for (const [, query = ""] of links) {
      const asked = Object.fromEntries(new URLSearchParams(query.replaceAll("&amp;", "&")));
      const evidence = published.evidence(asked["run"] ?? "", asked["technique"] ?? "");
      const isThere = evidence?.trials.some(
        ({ scenario, placement, scheme }) =>
          scenario === asked["scenario"] &&
          placement === asked["placement"] &&
          scheme === asked["scheme"],
      );
      assert.ok(isThere, query);
    }
  });

  test("lead, where no trial shows it, to the section that does", () => {
    const text = render(published.data);
    const unlinked = text.match(
      /<span class="ask-mark (?:shown|not-so)">\s*<b[^>]*>.<\/b>\s*<span/g,
    );
    assert.equal(unlinked, null);
    const sections = [...text.matchAll(/href="risks\.html#([^"]+)"/g)].map(([, id = ""]) => id);
    assert.deepEqual([...new Set(sections)].toSorted(), ["certificates", "faults", "neighbours"]);
    const keys = published.data.runs.map(({ key }) => key);
    const page = String(riskBody({ results, keys, catalogue: riskCatalogue }, linksFrom("")));
    for (const id of new Set(sections)) assert.ok(page.includes(` id="${id}"`), id);
  });

  test("lead no visitor's marks to a page that knows published results only", () => {
    const runs = published.data.runs.map((run): SiteRun => ({ ...run, source: "visit" }));
    assert.doesNotMatch(render({ ...published.data, runs }), /risks\.html#/);
  });

  test("name the browsers that show it in their short form, and have no doubts", () => {
    const text = render(published.data);
    assert.match(text, /fail such a connection\. Chromium did\./);
    assert.doesNotMatch(text, /not shown by these results/);
    assert.doesNotMatch(text, /no longer show/);
    assert.doesNotMatch(text, /\{[a-z-]+\}/);
  });
});

suite("an answer that the results no longer show", () => {
  const rows: readonly {
    readonly name: string;
    readonly claim: string;
    readonly data: SiteData;
    readonly firefox: Mark;
  }[] = [
    {
      name: "another outcome",
      claim: "rotation-stale",
      data: changed("firefox", "user-information", "rotation", "pass"),
      firefox: "not-so",
    },
    {
      name: "a failure of another kind",
      claim: "rotation-stale",
      data: changed("firefox", "user-information", "rotation", "not-accepted"),
      firefox: "not-so",
    },
    {
      name: "a trial that shows nothing",
      claim: "rotation-stale",
      data: changed("firefox", "user-information", "rotation", "timeout"),
      firefox: "not-measured",
    },
    {
      name: "a trial that was not made",
      claim: "rotation-stale",
      data: changed("firefox", "user-information", "rotation", null),
      firefox: "not-measured",
    },
    {
      name: "one of several techniques that failed",
      claim: "rotation-fresh",
      data: changed("firefox", "ticket", "rotation", "wrong-credential"),
      firefox: "not-so",
    },
    {
      name: "another word in the evidence",
      claim: "address-logged",
      data: {
        ...published.data,
        answerFacts: published.data.answerFacts.map((fact) =>
          fact.run === published.data.runs.find(({ key }) => key === "firefox")?.id &&
          fact.about === "access log" &&
          fact.technique === "query-parameter"
            ? { ...fact, says: "clean" }
            : fact,
        ),
      },
      firefox: "not-so",
    },
    {
      name: "evidence that is missing",
      claim: "untrusted-silent",
      data: { ...published.data, answerFacts: [] },
      firefox: "not-measured",
    },
  ];
  for (const { name, claim, data, firefox } of rows) {
    test(`has another mark, for ${name}`, () => {
      assert.equal(marksOf(claim, published.data)["firefox"], "shown");
      assert.equal(marksOf(claim, data)["firefox"], firefox);
    });
  }

  test("says so itself, with the browser that shows something else", () => {
    const text = render(changed("firefox", "user-information", "rotation", "pass"));
    assert.match(text, /These results no longer show this: Firefox [\d.]+\./);
    assert.match(text, /Part of this answer is no longer shown by these results\./);
    assert.doesNotMatch(text, /presented a former|none of the browsers/);
    assert.match(text, /or the browser does\.\s*<\/p>/);
  });

  test("says nothing where nothing was measured, and that it was not", () => {
    const text = render({ ...published.data, runs: [], answerFacts: [] });
    assert.match(text, /There are no results: nothing here has been shown\./);
    assert.doesNotMatch(text, /no longer show|[{}]|none of the browsers/);
    assert.equal(text.match(/Part of this answer is not shown by these results/g)?.length, 12);
  });

  test("is doubted where nobody measured part of it, and nowhere else", () => {
    const text = render(changed("chrome", "subprotocol-unselected", "valid", null));
    const doubted = text.split(`<section class="ask-item" id="`).slice(1);
    assert.deepEqual(
      doubted
        .filter((item) => item.includes("not shown by these results"))
        .map((item) => item.slice(0, item.indexOf(`"`))),
      ["q3"],
    );
    assert.match(text, /fail such a connection\. Firefox and WebKitGTK MiniBrowser let it open\./);
  });
});

test("answers write what comes with results as it is", () => {
  const files = [{ source: "published", prefix: "", results: hostileResults() } as const];
  const text = render(deriveSite({ ...siteCatalogue, files }).data);
  assert.doesNotMatch(text, /<script|<img|<style| on[a-z]+="/i);
});

suite("looking for a question", () => {
  const rows = [
    { find: "", is: true },
    { find: "cookie", is: true },
    { find: "COOK cross", is: true },
    { find: " cookie  site ", is: true },
    { find: "cookie jwt", is: false },
  ];
  for (const { find, is } of rows) {
    test(`${JSON.stringify(find)} ${is ? "finds" : "does not find"} it`, () => {
      assert.equal(matching("Why is my Cookie missing cross-site?", find), is);
    });
  }
});
