import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TrustObservation } from "../../../model/results.ts";
import { certificateTable } from "../../../experiments/report/certificates.ts";
import { sampleCatalogue, sampleFirefoxRun } from "./sample-results.ts";
import { trustObservation, unreached, variedResults } from "./varied-results.ts";

const run = sampleFirefoxRun([]);
const compared = trustObservation("no-tls", run);
const untrusted = trustObservation("untrusted", run, unreached);

function textOf(condition: string, ...trust: TrustObservation[]): string[] | undefined {
  const results = { schema: "websocket-auth-results/1", runs: [], trust } as const;
  const row = certificateTable(results, sampleCatalogue)?.rows.find(
    (one) => one.condition.id === condition,
  );
  return row?.cells.flatMap((cells) => cells.map(({ text }) => text));
}

const slow = { ...unreached, events: [{ at: 3000, type: "error" as const }] };
const refusedText = "refused: page sees error, close 1006 in under 10 ms";
const rows = [
  {
    name: "the condition that others are compared with shows what a refused token looks like",
    condition: "no-tls",
    trust: [compared],
    text: "connects; of a refused token the page sees error, close 1006 in under 10 ms",
  },
  {
    name: "a connection",
    condition: "authority",
    trust: [trustObservation("authority", run)],
    text: "connects",
  },
  {
    name: "a refusal that looks like that of a token",
    condition: "untrusted",
    trust: [compared, untrusted],
    text: `${refusedText}; looks like a refused token`,
  },
  {
    name: "a refusal that does not",
    condition: "untrusted",
    trust: [compared, trustObservation("untrusted", run, slow)],
    text: "refused: page sees error in under 10 s; can be told from a refused token",
  },
  {
    name: "a refusal that there is nothing to compare with",
    condition: "untrusted",
    trust: [untrusted],
    text: refusedText,
  },
  {
    name: "a dialog",
    condition: "authority",
    trust: [trustObservation("authority", run, {}, ["Select a certificate", "Again?"])],
    text: "connects; asked: Select a certificate; Again?",
  },
  {
    name: "an experiment that failed",
    condition: "untrusted",
    trust: [
      {
        ...untrusted,
        trial: { ...untrusted.trial, failure: { outcome: "unsupported", reason: "no certutil" } },
      },
    ],
    text: "unsupported: no certutil",
  },
] as const;

describe("the table of certificates tells in words", () => {
  for (const { name, condition, trust, text } of rows) {
    test(name, () => assert.deepEqual(textOf(condition, ...trust), [text]));
  }
});

describe("the table of certificates", () => {
  test("has conditions in the order of the catalogue, and browsers across", () => {
    const { trust, ...rest } = variedResults();
    const table = certificateTable({ ...rest, trust: trust.toReversed() }, sampleCatalogue);
    assert.deepEqual(
      table?.rows.map(({ condition }) => condition.id),
      ["no-tls", "untrusted", "authority"],
    );
    assert.deepEqual(table?.browsers, [
      "WebKitGTK MiniBrowser 2.50.4",
      "Firefox 153.7.0",
      "Chromium 156.0.7204.92",
    ]);
  });

  test("leaves a cell empty where a browser was not asked", () => {
    const { trust, ...rest } = variedResults();
    const table = certificateTable({ ...rest, trust: trust.slice(0, 4) }, sampleCatalogue);
    assert.deepEqual(
      table?.rows.map(({ cells }) => cells.map(({ length }) => length)),
      [
        [1, 1],
        [1, 0],
        [1, 0],
      ],
    );
  });

  test("is not there when nothing was asked", () => {
    assert.equal(certificateTable({ ...variedResults(), trust: [] }, sampleCatalogue), null);
  });
});
