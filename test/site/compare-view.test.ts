import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  compareQuery,
  type CompareView,
  defaultView,
  parseCompareQuery,
} from "../../site/compare-view.ts";
import { queryText } from "../../site/links.ts";
import { publishedData } from "./compare-data.ts";

const data = await publishedData();

function read(query: string): ReturnType<typeof parseCompareQuery> {
  return parseCompareQuery(new URLSearchParams(query), data);
}

/** What each filter can be set to, beside the default. */
const choices: readonly Partial<CompareView>[] = [
  { run: ["webkit"] },
  { run: ["firefox.private", "chrome"] },
  { browser: ["firefox"] },
  { browser: ["chrome", "webkit"] },
  { source: ["local", "visit"] },
  { profile: ["private"] },
  { profile: ["default", "third-party-blocked"] },
  { placement: ["cross-site"] },
  { placement: ["same-origin", "same-site"] },
  { scheme: ["wss"] },
  { scenario: ["rotation"] },
  { scenario: ["hijack-cross-site", "hijack-other-port"] },
  { technique: ["first-message", "subprotocol"] },
  { stage: "first-message" },
  { stage: "handshake" },
  { search: "cookie, “é” & 100 % +x=y" },
  { onlyDifferences: true },
];

describe("the address of the matrix", () => {
  test("is empty for what the page shows by itself", () => {
    assert.equal(queryText(compareQuery(defaultView)), "");
    assert.deepEqual(read(""), { view: defaultView, problems: [] });
  });

  test("reproduces every view, whichever two filters are set together", () => {
    for (const one of choices) {
      for (const other of choices) {
        const view = { ...defaultView, ...one, ...other };
        const query = queryText(compareQuery(view));
        assert.deepEqual(read(query), { view, problems: [] }, query);
      }
    }
  });

  test("reproduces a view with every filter set", () => {
    const view: CompareView = Object.assign({}, defaultView, ...choices);
    assert.deepEqual(read(queryText(compareQuery(view))).view, view);
  });

  const forms = [
    {
      name: "a repeated name",
      query: "browser=chrome&browser=firefox",
      same: "browser=chrome,firefox",
    },
    { name: "another order", query: "browser=firefox,chrome", same: "browser=chrome,firefox" },
    { name: "a value twice", query: "scheme=ws,ws", same: "scheme=ws" },
    { name: "empty values, as forms send them", query: "scenario=&search=&stage=", same: "" },
    { name: "spaces", query: "browser=%20chrome%20,", same: "browser=chrome" },
    {
      name: "all placements",
      query: "placement=same-origin,same-host,same-site,cross-site",
      same: "",
    },
    { name: "the default profile alone", query: "profile=default", same: "" },
    {
      name: "the whole proof",
      query: `scenario=${data.scenarios.flatMap(({ id, aspect }) => (aspect === null ? [id] : [])).join(",")}`,
      same: "",
    },
  ];
  for (const { name, query, same } of forms) {
    test(`means the same with ${name}`, () => {
      const { view, problems } = read(query);
      assert.deepEqual(problems, []);
      assert.equal(queryText(compareQuery(view)), same === "" ? "" : `?${same}`);
    });
  }

  const bad = [
    {
      query: "browser=netscape",
      problem: /“netscape” is no browser here. Known are chrome, firefox/u,
    },
    { query: "placement=nowhere,cross-site", problem: /“nowhere” is no placement/u },
    { query: "scenario=hijack", problem: /“hijack” is no scenario/u },
    { query: "profile=evil", problem: /“evil” is no profile/u },
    { query: "stage=handshake,first-message", problem: /Only one stage/u },
    { query: "differ=maybe", problem: /“maybe” is no differ/u },
    { query: "run=safari", problem: /no run “safari”/u },
    { query: "run=visit-4f", problem: /visit “visit-4f” is not here/u },
    { query: "placment=cross-site", problem: /“placment” is no filter/u },
    { query: "technique=__proto__", problem: /“__proto__” is no technique/u },
    { query: "scheme=%ff%00%3Cscript%3E", problem: /is no scheme/u },
  ];
  for (const { query, problem } of bad) {
    test(`says what it did not understand of ${query}`, () => {
      const { problems } = read(query);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", problem);
    });
  }

  test("keeps what it did understand", () => {
    assert.deepEqual(read("placement=nowhere,cross-site").view.placement, ["cross-site"]);
  });

  test("keeps the name of a visit that is not here yet", () => {
    assert.deepEqual(read("run=visit-4f").view.run, ["visit-4f"]);
  });
});
