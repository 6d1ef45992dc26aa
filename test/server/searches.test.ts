import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { nanoid } from "nanoid";
import { search, type Remains } from "../../server/searches.ts";
import type { LeakPlace } from "../../model/observation.ts";

const secret = nanoid(34);
const canaries = [{ serial: "#4", secret }] as const;
const line = `GET /?token=${secret}`;
const shown = "GET /?token=(token #4)";

const nothing: Remains = {
  leftBehind: {
    accessLog: ["GET /"],
    referers: ["http://localhost/"],
    handshakeAnswers: ["101"],
    proxied: 0,
  },
  traces: [
    { place: "socket's url", text: "ws://localhost/" },
    { place: "document.cookie", text: "" },
    { place: "performance entries", text: "" },
    { place: "history", text: "http://localhost/" },
  ],
  console: { texts: [] },
  proxyLog: { texts: [] },
};

const rows: readonly (readonly [place: LeakPlace, remains: Partial<Remains>])[] = [
  ["access log", { leftBehind: { ...nothing.leftBehind, accessLog: ["GET /", line] } }],
  ["proxy's access log", { proxyLog: { texts: [line] } }],
  ["Referer", { leftBehind: { ...nothing.leftBehind, referers: [line] } }],
  ["answer to the handshake", { leftBehind: { ...nothing.leftBehind, handshakeAnswers: [line] } }],
  ["socket's url", { traces: [...(nothing.traces ?? []), { place: "socket's url", text: line }] }],
  [
    "document.cookie",
    { traces: [...(nothing.traces ?? []), { place: "document.cookie", text: line }] },
  ],
  [
    "performance entries",
    { traces: [...(nothing.traces ?? []), { place: "performance entries", text: line }] },
  ],
  ["history", { traces: [...(nothing.traces ?? []), { place: "history", text: line }] }],
  ["console", { console: { texts: ["first", line] } }],
];

const same = (text: string): string => text;

suite("what an attempt left behind is searched", () => {
  for (const [place, remains] of rows) {
    test(`and the token is found in one place alone: ${place}`, () => {
      const searches = search(canaries, { ...nothing, ...remains }, same);
      assert.deepEqual(
        searches,
        rows.map(([name]) =>
          name === place
            ? { place, state: "found", encoding: "raw", excerpt: shown }
            : { place: name, state: "clean" },
        ),
      );
    });
  }

  test("and what nobody could look at is not clean", () => {
    const searches = search(
      canaries,
      {
        leftBehind: { accessLog: [], referers: [], handshakeAnswers: [], proxied: 0 },
        traces: undefined,
        console: { unsearched: "the driver is deaf" },
        proxyLog: { texts: [], otherwise: "nginx logged 0 of 1 requests" },
      },
      same,
    );
    assert.deepEqual(
      searches.map((found) => (found.state === "unsearched" ? found.reason : found.state)),
      [
        "no request of this attempt arrived",
        "nginx logged 0 of 1 requests",
        "no request with a Referer arrived",
        "no handshake reached the server",
        ...Array.from({ length: 4 }, () => "the page did not tell"),
        "the driver is deaf",
      ],
    );
  });

  test("and found is found in half of a log, too", () => {
    const proxyLog = { texts: [line], otherwise: "nginx logged 1 of 2 requests" };
    const [, found] = search(canaries, { ...nothing, proxyLog }, same);
    assert.equal(found?.state, "found");
  });

  test("and nothing is said when there was no token", () => {
    const searches = search([], nothing, same);
    assert.ok(searches.every(({ state }) => state === "unsearched"));
  });

  test("and another attempt's token in the line is hidden", () => {
    const other = nanoid(34);
    const console = { texts: [`${line} ${other}`] };
    const found = search(canaries, { ...nothing, console }, (text) =>
      text.replace(other, "(token #5)"),
    ).at(-1);
    assert.ok(found?.state === "found");
    assert.equal(found.excerpt, `${shown} (token #5)`);
  });
});
