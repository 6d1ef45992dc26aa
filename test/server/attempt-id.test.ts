import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { attemptIdIn } from "../../server/attempt-id.ts";

suite("a request's attempt", () => {
  const rows: { target: string; expected: string | null }[] = [
    { target: "/", expected: null },
    { target: "/?attempt=abc", expected: "abc" },
    { target: "/?token=1&attempt=abc", expected: "abc" },
    { target: "/?attempt=first&attempt=second", expected: "first" },
    { target: "/?attempt", expected: "" },
    { target: "/?attempt=", expected: "" },
    { target: "/?attempts=abc", expected: null },
    { target: "/?an-attempt=abc", expected: null },
    { target: "/attempt=abc", expected: null },
    { target: "/?a=b?attempt=abc", expected: null },
    { target: "/?%61ttempt=abc", expected: "abc" },
    { target: "/?attempt=a%62c", expected: "abc" },
    { target: "/?attempt=a+b", expected: "a b" },
    { target: "/?token=1#?attempt=abc", expected: null },
    { target: "//other/?attempt=abc", expected: "abc" },
  ];
  for (const { target, expected } of rows) {
    test(`${target} -> ${expected}`, () => assert.equal(attemptIdIn(target), expected));
  }

  test("is what a URL's parser reads, whatever the query is", () => {
    const part = fc.constantFrom(
      "attempt",
      "=",
      "&",
      "?",
      "#",
      "%61",
      "%",
      "+",
      "x",
      "é",
      ";",
      "/",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const target = `/?${parts.join("")}`;
        const { searchParams } = new URL(`http://websocket-origin${target}`);
        assert.equal(attemptIdIn(target), searchParams.get("attempt"), target);
      }),
      { numRuns: 2_000 },
    );
  });
});
