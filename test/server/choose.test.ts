import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createLaboratory } from "../../experiments/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { ask } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

const harness = { version: "test", revision: null, dirty: null };
const laboratory = createLaboratory(techniques, techniquesDirectory, harness);
const choicePage = async (): Promise<string> => await Promise.reject(new Error("no results"));
const resources = { resultPage: () => "", resultStyle: "", choiceStyle: "body {}" };

suite("GET /choose", () => {
  test("hands the address's parameters over, and allows nothing to run or to be connected to", async () => {
    const asked: string[] = [];
    const recordingPage = async (query: URLSearchParams): Promise<string> => {
      asked.push(query.toString());
      return "<p>choices</p>";
    };
    await using lab = await startTestLab(
      { certificates: null },
      { techniques: [], laboratory: { ...laboratory, ...resources, choicePage: recordingPage } },
    );
    const answer = await ask(new URL("/choose?demand=quiet-log&demand=%F0%9F%98%80&=", lab.url));
    assert.deepEqual(asked, ["demand=quiet-log&demand=%F0%9F%98%80&="]);
    assert.equal(answer.body, "<p>choices</p>");
    assert.match(answer.headers["content-type"] ?? "", /^text\/html; charset=utf-8$/);
    assert.equal(
      answer.headers["content-security-policy"],
      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    const style = await ask(new URL("/choose/style.css", lab.url));
    assert.equal(style.body, "body {}");
  });

  test("answers from the published results, and says what it does not understand", async () => {
    await using lab = await startTestLab({ certificates: null }, { techniques: [], laboratory });
    const first = await ask(new URL("/choose", lab.url));
    assert.equal(first.status, 200);
    assert.match(first.body, /<form [^>]*action="\/choose#answer" method="get"/);
    assert.match(first.body, /href="\/techniques\/first-message"/);
    const odd = await ask(new URL("/choose?browser=netscape&a[b]=c&%", lab.url));
    assert.equal(odd.status, 200);
    assert.match(odd.body, /there is no &quot;netscape&quot;/);
  });

  test("a page that cannot be made is told in the terminal, and not to the visitor", async (t) => {
    const logged = t.mock.method(console, "error", () => {});
    await using lab = await startTestLab(
      { certificates: null },
      { techniques: [], laboratory: { ...laboratory, choicePage } },
    );
    const answer = await ask(new URL("/choose", lab.url));
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.body, /no results/);
    assert.equal(logged.mock.callCount(), 1);
  });
});
