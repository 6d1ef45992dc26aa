import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Attempt } from "../../model/observation.ts";
import type { SourcesData } from "../../site/data.ts";
import { deriveSite } from "../../site/derive.ts";
import { linksFrom } from "../../site/links.ts";
import { attemptView } from "../../site/views/attempt.ts";
import { renderEvidence, renderTrials } from "../../site/views/evidence.ts";
import { handshakeView } from "../../site/views/handshake.ts";
import { keyedTrials } from "../../site/views/keyed-trials.ts";
import { sequenceDiagram } from "../../site/views/sequence.ts";
import { sourceCode } from "../../site/views/source-code.ts";
import type { ViewContext } from "../../site/views/view.ts";
import { accepted, refused, request } from "../experiments/report/sample-attempts.ts";
import { hostileResults, hostileTexts } from "../experiments/report/hostile-results.ts";
import { sampleFirefoxRun, sampleTrial } from "../experiments/report/sample-results.ts";

test("an attempt's diagram reads as a list of sentences", () => {
  const page = String(sequenceDiagram(accepted("#2")));
  for (const sentence of [
    "HTTP app → Page: token #2 for alice",
    "Page → WebSocket server: GET upgrade, presents #2 by query parameter",
    "WebSocket server → Page: ✓ 101 Switching Protocols, let in as alice",
    "Page: open",
    "WebSocket server → Page: ✓ message Hello alice!",
    "Page ↔ WebSocket server: closed with 1000, as both ends saw it, clean",
  ]) {
    assert.ok(textOf(page).includes(sentence), `${sentence}\n${textOf(page)}`);
  }
});

const tellingAttempts: readonly {
  readonly name: string;
  readonly attempt: Attempt;
  readonly says: readonly string[];
}[] = [
  {
    name: "a token that was not given is told from the one that was",
    attempt: { ...accepted("#1"), given: "#2" },
    says: ["presents #1 by query parameter ≠ given #2"],
  },
  {
    name: "a refusal is said in words, and with a sign",
    attempt: refused("forged", "#3", "unknown token"),
    says: ["forged token #3 for alice", "✗ 401 Unauthorized, refused: unknown token"],
  },
  {
    name: "a program is no page",
    attempt: { ...accepted("#1"), from: "program" },
    says: ["Program → WebSocket server: GET"],
  },
  {
    name: "a run without heads says so",
    attempt: accepted("#1"),
    says: ["This run did not record the handshake’s head."],
  },
  {
    name: "an attempt without handshakes says so",
    attempt: { ...accepted("#1"), evidence: [] },
    says: ["No handshake reached the server."],
  },
];

describe("an attempt's view", () => {
  for (const { name, attempt, says } of tellingAttempts) {
    test(name, () => {
      const text = textOf(String(attemptView(attempt)));
      for (const words of says) assert.ok(text.includes(words), `${words}\n${text}`);
    });
  }
});

test("a serial is marked in the handshake, with the name that it goes by", () => {
  const head = ["GET /?attempt=…&token=‹#2› HTTP/1.1", "Host: example.com", "Cookie: a=b; c=‹#2›"];
  const evidence = [request({ status: 101, presented: "#2", via: "query parameter", head })];
  const page = String(handshakeView({ evidence }));
  assert.deepEqual(
    [...page.matchAll(/<mark>(.*?)<\/mark>/gu)].map(([, words]) => words),
    ["token=‹#2›", "c=‹#2›"],
  );
});

describe("the page of a technique in a run", () => {
  const run = sampleFirefoxRun([
    sampleTrial("query-parameter", "valid", [accepted("#1")]),
    sampleTrial("query-parameter", "valid", [accepted("#4")]),
    sampleTrial("query-parameter", "rotation", [
      accepted("#2"),
      { ...refused("fresh", "#3", "unknown token"), expect: "accepted" },
    ]),
  ]);
  const { context, evidence } = siteOf([run]);
  const key = context.data.runs[0]?.key ?? "";
  const page = (query: string): string => {
    const parameters = new URLSearchParams(`run=${key}&technique=query-parameter${query}`);
    const found = evidence(key, "query-parameter");
    assert.ok(found !== undefined);
    return (
      String(renderEvidence(context, parameters)) +
      String(renderTrials(context, parameters, found, null))
    );
  };

  test("opens the first trial that fails, and draws no other", () => {
    const opened = [...page("").matchAll(/data-trial="([^"]*)"\s+open/gu)].map(([, name]) => name);
    assert.deepEqual(opened, ["rotation.same-host.ws"]);
    assert.equal(page("").match(/<figure class="seq /gu)?.length, 2);
  });

  test("opens the trial that the address names", () => {
    const named = page("&trial=valid.same-host.ws~2");
    assert.match(named, /data-trial="valid\.same-host\.ws~2"\s+open/u);
    assert.doesNotMatch(named, /data-trial="rotation\.same-host\.ws"\s+open/u);
  });

  test("shows what is chosen, and a trial that the address names besides", () => {
    const rotation = "rotation.same-host.ws";
    assert.deepEqual(trialsIn(page("&scenario=rotation")), [rotation]);
    assert.equal(trialsIn(page("&scenario=rotation,valid")).length, 3);
    assert.deepEqual(trialsIn(page("&scheme=wss")), []);
    assert.deepEqual(trialsIn(page(`&scheme=wss&trial=${rotation}`)), [rotation]);
  });

  test("says why a trial fails, in the words of its verdict", () => {
    const [failed] = run.trials.filter(({ verdict }) => verdict.outcome === "fail");
    assert.ok(failed !== undefined);
    assert.ok(textOf(page("")).includes(failed.verdict.reason));
  });

  test("names repetitions apart", () => {
    const keys = keyedTrials(run).map(({ key: name }) => name);
    assert.equal(new Set(keys).size, keys.length);
  });

  test("says in a sentence what in the address is unknown", () => {
    const text = textOf(
      String(renderEvidence(context, new URLSearchParams("run=opera&technique=telepathy"))),
    );
    assert.ok(text.includes("There is no run named “opera” here."));
    assert.ok(text.includes("There is no technique named “telepathy” here."));
  });
});

test("hostile results stay text", () => {
  const { context, evidence } = siteOf(hostileResults().runs);
  for (const { key } of context.data.runs) {
    for (const { id } of context.data.techniques) {
      const found = evidence(key, id);
      if (found === undefined) continue;
      const query = new URLSearchParams({ run: key, technique: id });
      const all = [
        renderEvidence(context, query),
        renderTrials(context, query, found, null),
        ...found.trials.flatMap(({ attempts }) => attempts.map((one) => attemptView(one))),
      ].join("\n");
      assert.doesNotMatch(all, /<(?:img|script|\/style)|\sonerror=[^&]*>/iu);
      // Nor may it turn around, or repaint, what is shown around it.
      assert.doesNotMatch(textOf(all), /[\u{202e}\u{2066}\u{200f}]|(?!\s)\p{Cc}/u);
    }
  }
  assert.ok(hostileTexts.length > 0);
});

test("an address in which somebody writes markup stays text", () => {
  const { context } = siteOf([]);
  for (const text of hostileTexts) {
    const query = new URLSearchParams({ run: text, technique: text, trial: text });
    assert.doesNotMatch(String(renderEvidence(context, query)), /<(?:img|script)/iu);
  }
});

test("only code that is known by the trials' own definition is said to have run", () => {
  const { context, evidence } = siteOf([
    sampleFirefoxRun([sampleTrial("user-information", "valid", [accepted("#1")])]),
  ]);
  const [run] = context.data.runs;
  const found = evidence(run?.key ?? "", "user-information");
  assert.ok(run !== undefined && found !== undefined);
  const query = new URLSearchParams({ run: run.key, technique: "user-information" });
  const [trial] = found.trials;
  const page = (definitions: readonly string[]): string => {
    const sources: SourcesData = { technique: "user-information", definitions, files: [] };
    return String(renderTrials(context, query, found, sources));
  };
  assert.match(page([trial?.definition ?? ""]), /The code that ran/u);
  assert.match(page(["another"]), /The code as it is now[^]*has changed/u);
  assert.doesNotMatch(page(["another"]), /The code that ran/u);
});

test("marked lines of source code are marked by more than colour", () => {
  const sources: Pick<SourcesData, "files"> = {
    files: [
      {
        name: "browser.ts",
        role: "browser",
        lines: [
          { html: '<span class="hljs-keyword">const</span> a = 1;', isMarked: false },
          { html: "send(token)", isMarked: true },
        ],
      },
    ],
  };
  const page = String(sourceCode(sources));
  assert.match(page, /<mark class="source-line" title="[^"]+">send\(token\)<\/mark>/u);
  assert.match(page, /<span class="source-line"><span class="hljs-keyword">const<\/span> a = 1;/u);
});

test("the views run in a browser: nothing of Node is in them", async () => {
  const views = ["evidence", "attempt", "source-code", "trial-body"];
  await build({
    entryPoints: views.map((name) =>
      fileURLToPath(new URL(`../../site/views/${name}.ts`, import.meta.url)),
    ),
    outdir: "unwritten",
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
});

test("no view writes a style into an attribute, which the policy forbids", () => {
  const page = String(attemptView(accepted("#1")));
  assert.doesNotMatch(page, /\sstyle=/u);
});

function trialsIn(page: string): string[] {
  return [...page.matchAll(/data-trial="([^"]*)"/gu)].map(([, name = ""]) => name);
}

function siteOf(runs: ReturnType<typeof hostileResults>["runs"]): {
  readonly context: ViewContext;
  readonly evidence: ReturnType<typeof deriveSite>["evidence"];
} {
  const results = { schema: "websocket-auth-results/1", runs, trust: [] } as const;
  const site = deriveSite({
    techniques: [],
    scenarios: [],
    files: [{ source: "published", prefix: "", results }],
  });
  return {
    context: { data: site.data, links: linksFrom(""), isLab: false },
    evidence: (run, technique) => site.evidence(run, technique),
  };
}

/** What is read of a page, with one space between words. */
function textOf(page: string): string {
  return page
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/ (?=[,.:!])/gu, "");
}
