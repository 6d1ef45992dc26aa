import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { summarise, variantOf } from "../../experiments/verdict.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { summariseBrowser } from "../../site/browser-summary.ts";
import { createComparison } from "../../site/comparison.ts";
import type { SiteRun } from "../../site/data.ts";
import { linksFrom } from "../../site/links.ts";
import { browserSummary } from "../../site/views/browser-summary.ts";
import { nothingLive } from "../../site/views/matrix.ts";
import { publishedData } from "./compare-data.ts";

const data = await publishedData();
const comparison = createComparison(data);
const published = data.runs.filter(({ profile }) => profile.name === "default");
const othersOf = (run: SiteRun): SiteRun[] => published.filter((other) => other !== run);
const failingWords = ["unsafe", "broken", "partly"];

function textOf(run: SiteRun, runs: readonly SiteRun[] = data.runs): string {
  const own = createComparison({ ...data, runs });
  return String(browserSummary(own, run, linksFrom(""), nothingLive))
    .replaceAll(/<[^>]*>/gu, "")
    .replaceAll(/\s+/gu, " ");
}

function nameOf(trial: JudgedTrial): string {
  return `${trial.scenario} ${variantOf(trial)}`;
}

/** The placements and schemes at which a technique fails in one run and does all of the same in another. */
function betterPlaces(run: SiteRun, other: SiteRun, technique: string): string[] {
  const said = (some: SiteRun): readonly JudgedTrial[] =>
    comparison
      .trials(some, technique)
      .filter(({ verdict }) => ["pass", "fail"].includes(verdict.outcome));
  const common = new Set(said(other).map(nameOf));
  const here = Map.groupBy(
    said(run).filter((trial) => common.has(nameOf(trial))),
    variantOf,
  );
  return [...here]
    .filter(([, trials]) => {
      const made = new Set(trials.map(nameOf));
      const theirs = said(other).filter((trial) => made.has(nameOf(trial)));
      return (
        failingWords.includes(summarise(trials, { rotates: false }).word) &&
        summarise(theirs, { rotates: false }).word === "works"
      );
    })
    .map(([variant]) => variant);
}

describe("what fails in a browser", () => {
  for (const run of published) {
    test(`works elsewhere if it does where it fails in ${run.key}`, () => {
      const { failing } = summariseBrowser(comparison, run, othersOf(run));
      assert.ok(failing.length > 0);
      for (const { technique, worksIn } of failing) {
        const better = othersOf(run).filter(
          (other) => betterPlaces(run, other, technique.id).length > 0,
        );
        assert.deepEqual(
          worksIn.map((one) => one.run.key),
          better.map(({ key }) => key),
          technique.id,
        );
      }
    });

    test(`is shown by a trial that passes elsewhere, if any does, in ${run.key}`, () => {
      for (const { technique, trial, worksIn } of summariseBrowser(comparison, run, othersOf(run))
        .failing) {
        if (worksIn.length === 0) continue;
        assert.ok(trial, technique.id);
        const places = worksIn.flatMap((one) => betterPlaces(run, one.run, technique.id));
        assert.ok(places.includes(variantOf(trial)), technique.id);
      }
    });

    test(`is said to work as a whole only where all of it works, in ${run.key}`, () => {
      for (const { technique, worksIn } of summariseBrowser(comparison, run, othersOf(run))
        .failing) {
        for (const one of worksIn) {
          const { word } = comparison.proof(one.run, technique.id)?.summary ?? {};
          assert.equal(one.isWhole, word === "works", technique.id);
        }
      }
    });
  }

  test("names the place where another browser, which fails elsewhere, passes", () => {
    const chrome = published.find(({ key }) => key === "chrome");
    assert.ok(chrome);
    const { failing } = summariseBrowser(comparison, chrome, othersOf(chrome));
    const cookie = failing.find(({ technique }) => technique.id === "cookie-cors-none");
    const firefox = cookie?.worksIn.find(({ run }) => run.key === "firefox");
    assert.deepEqual([firefox?.isWhole, firefox?.where], [false, "cross-site over wss"]);
    assert.match(textOf(chrome), /Works in Firefox \d+ in these trials: cross-site over wss\./u);
  });

  test("is listed without comparing it when there is nothing to compare it with", () => {
    for (const run of published) {
      const said = textOf(run, [run]);
      assert.match(said, /Fails here /u);
      assert.doesNotMatch(said, /elsewhere|the others|does better|Works in/u);
    }
  });

  test("does better in none of the others, of which that is said", () => {
    for (const run of published) {
      const { failing } = summariseBrowser(comparison, run, othersOf(run));
      const count = failing.filter(({ worksIn }) => worksIn.length === 0).length;
      if (count === 0) continue;
      assert.match(textOf(run), new RegExp(`${count} techniques? fails? here where none`, "u"));
    }
  });

  test("works elsewhere as soon as one trial says so", () => {
    const [chrome, firefox] = published;
    assert.ok(chrome && firefox);
    const rotation = data.scenarios.findIndex(({ id }) => id === "rotation");
    const visit: SiteRun = {
      ...chrome,
      key: "visit-1",
      source: "visit",
      trials: chrome.trials.filter(([, scenario]) => scenario === rotation),
      planned: chrome.trials.length,
    };
    const early = createComparison({ ...data, runs: [firefox, visit] });
    const { failing } = summariseBrowser(early, visit, [firefox]);
    assert.ok(failing.some(({ worksIn }) => worksIn.length > 0));
  });
});
