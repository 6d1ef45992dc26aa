import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { accessLogLine, type LoggedAnswer } from "../../server/access-log.ts";
import { basic } from "../client.ts";

type Request = Partial<LoggedAnswer["request"]>;

const agent = `"-" "Mozilla/5.0"`;
const rows: readonly (readonly [
  name: string,
  answer: { request?: Request; status?: number; bodyBytes?: number },
  line: string,
])[] = [
  ["an upgrade", {}, `::1 - - [TIME] "GET /?attempt=1 HTTP/1.1" 101 - ${agent}`],
  [
    "an answer with a body",
    { status: 401, bodyBytes: 14 },
    `::1 - - [TIME] "GET /?attempt=1 HTTP/1.1" 401 14 ${agent}`,
  ],
  [
    "a Referer, and no User-Agent",
    { request: { headers: { referer: "http://localhost/a?b" } } },
    `::1 - - [TIME] "GET /?attempt=1 HTTP/1.1" 101 - "http://localhost/a?b" "-"`,
  ],
  [
    "the user of Basic credentials, without the password",
    { request: { headers: { authorization: basic("alice", "secret:word") } } },
    `::1 - alice [TIME] "GET /?attempt=1 HTTP/1.1" 101 - "-" "-"`,
  ],
  [
    "a user who is not ASCII",
    { request: { headers: { authorization: basic("ü", "secret") } } },
    `::1 - \\xC3\\xBC [TIME] "GET /?attempt=1 HTTP/1.1" 101 - "-" "-"`,
  ],
  [
    "Basic credentials that are none",
    { request: { headers: { authorization: "Basic secret" } } },
    `::1 - - [TIME] "GET /?attempt=1 HTTP/1.1" 101 - "-" "-"`,
  ],
  [
    "another scheme of authorization",
    { request: { headers: { authorization: "Bearer YWxpY2U6eA==" } } },
    `::1 - - [TIME] "GET /?attempt=1 HTTP/1.1" 101 - "-" "-"`,
  ],
  [
    "what would end the field or the line",
    { request: { headers: { "user-agent": `a"b\\c\nd\u007fe\u00fc` } } },
    `::1 - - [TIME] "GET /?attempt=1 HTTP/1.1" 101 - "-" "a\\x22b\\x5Cc\\x0Ad\\x7Fe\\xFC"`,
  ],
];

suite("a line of the access log", () => {
  for (const [name, { request = {}, status = 101, bodyBytes = 0 }, expected] of rows) {
    test(`shows ${name}`, () => {
      const line = accessLogLine({
        request: {
          method: "GET",
          url: "/?attempt=1",
          httpVersion: "1.1",
          headers: { "user-agent": "Mozilla/5.0" },
          socket: { remoteAddress: "::1" },
          ...request,
        },
        status,
        bodyBytes,
        at: new Date("2026-01-02T03:04:05.678Z"),
      });
      assert.equal(line, expected.replace("TIME", "02/Jan/2026:03:04:05 +0000"));
    });
  }
});
