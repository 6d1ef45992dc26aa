import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CommanderError } from "commander";
import * as fc from "fast-check";
import { byteEdits, bytesOf, edited, passages } from "../../bench/hostile-input/bytes.ts";
import { parseBrowser } from "../../experiments/browsers/index.ts";
import { parseFlags } from "../../experiments/flags.ts";
import { parseResults, writeResults } from "../../experiments/report/json.ts";
import { reports } from "../../experiments/report/index.ts";
import { visitFile } from "../../experiments/visit-file.ts";
import { accessLogLine } from "../../server/access-log.ts";
import { Canaries } from "../../server/canaries.ts";
import {
  ConfigError,
  parseHosts,
  parseLifetime,
  parseNames,
  parsePort,
} from "../../server/config.ts";
import { cookieAttributes } from "../../server/cookie-attributes.ts";
import { localHome } from "../../server/host-names.ts";
import { knownHost } from "../../server/known-host.ts";
import {
  parseLiveRequest,
  parsePageReport,
  parsePoint,
  parsePreflight,
  parseTrialPost,
} from "../../server/page-report.ts";
import { headOf } from "../../server/request-head.ts";
import { Tokens } from "../../server/tokens.ts";
import { linksFrom } from "../../site/links.ts";
import { views } from "../../site/views/index.ts";
import { techniques } from "../../techniques/index.ts";
import { hostileResults } from "../experiments/report/hostile-results.ts";
import { sampleResults } from "../experiments/report/sample-results.ts";
import { startLabOf } from "../start-lab.ts";
import { siteDataOf } from "../site/compare-data.ts";
import { readCorpus } from "./corpus.ts";
import { size } from "./size.ts";

const texts = passages.map((passage) => Buffer.from(bytesOf(passage), "latin1").toString());
/** Strings of UTF-16 as scripts have them, half characters included. */
const strings = fc.oneof(texts, fc.string({ unit: "binary", maxLength: 100 }));
const changes = fc.array(byteEdits, { minLength: 1, maxLength: 4 });

/** Tries what somebody found before, and then what nobody has thought of. */
function tryAll<Value>(
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  corpus: readonly Value[],
  check: (value: Value) => void,
): void {
  test(name, () => {
    fc.assert(fc.property(arbitrary, check), {
      seed: size.seed,
      numRuns: size.cases ?? 200,
      examples: corpus.map((value): [Value] => [value]),
    });
  });
}

/** A text with some of its bytes changed. */
function changed(...originals: readonly string[]): fc.Arbitrary<string> {
  const bytes = originals.map((text) => Buffer.from(text).toString("latin1"));
  return fc
    .tuple(fc.constantFrom(...bytes), changes)
    .map(([original, edits]) => Buffer.from(edited(original, edits), "latin1").toString());
}

suite("files and flags", () => {
  const corpus = readCorpus("texts");
  tryAll(
    "a results file is read whole, or refused with a sentence",
    fc.oneof(
      {
        weight: 5,
        arbitrary: changed(writeResults(sampleResults()), writeResults(hostileResults())),
      },
      { weight: 1, arbitrary: texts },
      { weight: 1, arbitrary: fc.json() },
    ),
    corpus["results"],
    (text) => {
      const results = orSentence(() => parseResults(text), Error);
      if (results !== undefined) assert.deepEqual(parseResults(writeResults(results)), results);
    },
  );

  const flags = [
    "browser",
    "technique",
    "scenario",
    "placement",
    "scheme",
    "profile",
    "through",
    "repeat",
    "headful",
    "axes",
    "certificates",
    "json",
    "html",
    "__proto__",
    "",
    "-",
  ];
  tryAll(
    "flags of the experiments are understood, or refused as wrong usage",
    fc.array(
      fc.oneof(
        fc.tuple(fc.constantFrom(...flags), strings).map(([flag, value]) => `--${flag}=${value}`),
        fc.constantFrom(...flags).map((flag) => `--${flag}`),
        strings,
      ),
      { maxLength: 4 },
    ),
    corpus["flags"].map((line) => line.split(" ")),
    (argv) =>
      quietly(() => orSentence(() => parseFlags(argv, techniques, reports), CommanderError)),
  );

  tryAll(
    "the name of a browser is understood, or refused with a sentence",
    fc.oneof(
      strings,
      strings.map((text) => `chrome@${text}`),
      strings.map((text) => `a=${text}`),
    ),
    corpus["browsers"],
    (text) => void orSentence(() => parseBrowser(text), Error),
  );

  tryAll(
    "settings of the lab are within their limits, or refused with a sentence",
    fc.oneof(strings, fc.double().map(String), changed("8000", "127.0.0.1", "[::1]", "nip.io")),
    corpus["settings"],
    (text) => {
      const port = orSentence(() => parsePort(text, 50), ConfigError);
      assert.ok(port === undefined || (Number.isInteger(port) && port >= 0 && port < 65_536));
      const lifetime = orSentence(() => parseLifetime(text), ConfigError);
      assert.ok(lifetime === undefined || (lifetime > 0 && lifetime <= 86_400_000));
      for (const host of orSentence(() => parseHosts(text), ConfigError) ?? []) {
        assert.ok(URL.canParse(`http://${host.includes(":") ? `[${host.split("%")[0]}]` : host}`));
      }
      const names = orSentence(() => parseNames(text), ConfigError);
      assert.ok(typeof names !== "string" || new URL(`http://${names}`).hostname === names);
    },
  );
});

suite("what browsers and programs say of themselves", () => {
  const corpus = readCorpus("texts");
  const report = '{"end":"completed","events":[{"at":0,"type":"open","protocol":""}],"traces":[]}';
  const originals = [
    report,
    `{"report":${report}}`,
    '{"x":1,"y":2}',
    '{"domains":{"example.com":null},"features":{"a":{"supported":true,"detail":""}}}',
    '{"technique":"ticket","user":"alice","present":"again","singleUse":true,"first":"a"}',
  ];
  tryAll(
    "what a page posts is of the right shape, or refused with a sentence",
    fc.oneof(
      { weight: 3, arbitrary: changed(...originals) },
      { weight: 1, arbitrary: strings },
      { weight: 1, arbitrary: fc.json() },
    ),
    corpus["posts"],
    (body) => {
      for (const parse of [
        parsePageReport,
        parseTrialPost,
        parsePoint,
        parsePreflight,
        parseLiveRequest,
      ]) {
        const parsed = parse(body);
        assert.ok(parsed.ok || parsed.error !== "");
      }
      assert.equal(Object.keys(Object.prototype).length, 0);
    },
  );

  tryAll(
    "a host that is known makes an address",
    fc.oneof(
      texts,
      changed("localhost:8000", "t1.localhost", "[::1]:8443", "127.0.0.1", "www.example.com:1"),
      fc
        .tuple(fc.constantFrom("localhost", "[::1]", "example.com"), fc.nat(200_000))
        .map(([name, port]) => `${name}:${port}`),
    ),
    corpus["hosts"],
    (header) => {
      if (knownHost(header) !== undefined) assert.ok(URL.canParse(`http://${header}/`), header);
    },
  );

  const tokens = new Tokens();
  const { secret } = tokens.issue("alice", 3_600_000, false);
  const written = fc.constantFrom(
    secret,
    encodeURIComponent(secret).replaceAll(/./gu, (one) => `%${one.charCodeAt(0).toString(16)}`),
    Buffer.from(secret).toString("base64"),
    Buffer.from(`alice:${secret}`).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  );
  const names = fc.constantFrom("Cookie", "Authorization", "Origin", "Host", "X-A", secret);
  tryAll(
    "evidence shows no token that is in a head, whatever is around it",
    fc.record({ before: texts, written, after: texts, name: names }),
    [],
    ({ before, written: token, after, name }) => {
      const value = Buffer.from(`${before} ${token} ${after}`).toString("latin1").slice(0, 16_000);
      const lines = headOf(
        { method: "GET", target: `/?a=${value}`, httpVersion: "1.1", rawHeaders: [name, value] },
        "whole",
        (text) => tokens.knownIn(text),
      ).join("\n");
      const canaries = new Canaries();
      canaries.add(secret, "#1");
      assert.equal(canaries.findIn(lines), null);
    },
  );

  tryAll(
    "a line of the access log is one line of ASCII",
    fc.record({ url: texts, referer: texts, agent: texts, authorization: texts }),
    [],
    ({ url, referer, agent: userAgent, authorization }) => {
      const line = accessLogLine({
        request: {
          method: "GET",
          url,
          httpVersion: "1.1",
          headers: { referer, "user-agent": userAgent, authorization },
          socket: { remoteAddress: "127.0.0.1" },
        },
        status: 200,
        bodyBytes: 0,
        at: new Date(0),
      });
      assert.match(line, /^[ -~]+$/u);
    },
  );

  tryAll("a cookie's attributes never show its value", texts, [], (text) => {
    assert.ok(!cookieAttributes(`name=${secret}; ${text}`).includes(secret));
  });

  test("a visit becomes a file with a plain name, whatever its browser calls itself", async () => {
    await using lab = await startLabOf("ticket");
    const harness = { version: "0", revision: null, dirty: null };
    const context = { harness, leftOut: [] };
    const none = { findIn: () => null };
    fc.assert(
      fc.property(strings, (userAgent) => {
        const file = visitFile(lab.visits.startAt(localHome, userAgent), context, none);
        assert.ok("name" in file, JSON.stringify(file));
        assert.match(file.name, /^\d{4}-\d\d-\d\d-[a-z0-9-]{1,40}-[0-9a-f]{16}\.json$/u);
        parseResults(file.text);
      }),
      {
        seed: size.seed,
        numRuns: size.cases ?? 100,
        examples: corpus["agents"].map((agent): [string] => [agent]),
      },
    );
  });
});

const data = await siteDataOf({ source: "published", prefix: "", results: hostileResults() });

suite("addresses of pages", () => {
  const corpus = readCorpus("texts");
  const parameters = [
    ..."run browser source profile placement scheme scenario technique stage search differ".split(
      " ",
    ),
    ..."trial attempt input user step present slide guess answer theme question page".split(" "),
  ];
  const mark = '"><script id=hostile>';
  const queries = fc
    .array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...parameters), strings),
        fc.oneof(strings, fc.constant(mark), fc.constantFrom("alice", "chrome", "1", "-1", "1e9")),
      ),
      { maxLength: 5 },
    )
    .map((pairs) => String(new URLSearchParams(pairs)));
  for (const [name, view] of Object.entries(views)) {
    tryAll(
      `${name} is drawn for any query, and nothing of it becomes markup`,
      queries,
      corpus["queries"],
      (query) => {
        const context = { data, links: linksFrom(""), isLab: true };
        assert.ok(
          !String(view(context, new URLSearchParams(query))).includes("<script id=hostile"),
        );
      },
    );
  }
});

/** The value; undefined when it was refused with an error of this very kind, which is a sentence. */
function orSentence<Value>(
  make: () => Value,
  kind: new (...parts: never[]) => Error,
): Value | undefined {
  try {
    return make();
  } catch (error) {
    assert.ok(error instanceof kind, String(error));
    // Those are of the language: nobody foresaw what came.
    for (const unforeseen of [TypeError, RangeError, ReferenceError, SyntaxError, URIError]) {
      assert.ok(!(error instanceof unforeseen), String(error.stack));
    }
    assert.ok(error.message.trim() !== "");
    return undefined;
  }
}

/** Commander prints what is wrong before it throws. */
function quietly(work: () => unknown): void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) stream.write = () => true;
  try {
    work();
  } finally {
    for (const [index, stream] of streams.entries()) {
      const write = writes[index];
      if (write !== undefined) stream.write = write;
    }
  }
}
