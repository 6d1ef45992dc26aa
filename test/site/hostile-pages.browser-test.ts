import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { parseResults } from "../../experiments/report/json.ts";
import type { Results } from "../../model/results.ts";
import type { Trial } from "../../model/trial.ts";
import type { Lab } from "../../server/lab.ts";
import type { Site } from "../../server/site.ts";
import { visitKey } from "../../server/visits.ts";
import type { Walk } from "../../server/walks.ts";
import { deriveSite } from "../../site/derive.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import { html } from "../../site/single-file.ts";
import { createSiteFiles, siteCatalogue } from "../../site/site-files.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { hostileResults } from "../experiments/report/hostile-results.ts";
import { sampleCatalogue } from "../experiments/report/sample-results.ts";
import { startBrowserLab } from "../start-lab.ts";
import { openTestPage, type TestPage } from "./test-page.ts";

const timeout = 240_000;
const browsers = await installedBrowsers();
const harness = { version: "test", revision: null, dirty: null };
const payload = `"'><img src=x onerror=globalThis.pwned=1><script>globalThis.pwned=1</script>`;
const image = "<img src=x onerror=globalThis.pwned=1>";
const address = "javascript:globalThis.pwned=1";

/** Results whose every text would set something if it ran. */
const results: Results = parseResults(
  JSON.stringify(hostileResults()).replaceAll("alert(1)", "globalThis.pwned=1"),
);
const files = [
  { source: "published", prefix: "", results },
  { source: "visit", prefix: "", results },
] as const;

const trial: Trial = {
  technique: "query-parameter",
  scenario: "valid",
  placement: "same-host",
  scheme: "ws",
  definition: "test",
  attempts: [
    { present: "fresh", user: payload.slice(0, 64), singleUse: false, expect: "accepted" },
  ],
};

/** A lab of such results; `asked`: the files that its pages were made of. */
async function startHostileLab(asked: string[] = []): Promise<Lab> {
  const made = createSiteFiles({ isLab: true, readResults: async () => files });
  const site: Site = {
    async file(path) {
      asked.push(path);
      return (await made.file(path)) ?? null;
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const laboratory = {
    ...createLaboratory(techniques, techniquesDirectory, harness),
    plan: () => [trial],
  };
  return await startBrowserLab({ certificates: null }, { laboratory, site });
}

/** A visitor whose browser says nothing but that. */
async function makeVisit(lab: Lab): Promise<Walk> {
  const walk = lab.visits.start("localhost", `Mozilla/5.0 ${payload}`);
  assert.ok(walk);
  walk.preflight({
    domains: {},
    features: { [payload.slice(0, 64)]: { supported: true, detail: payload } },
  });
  const { origin } = walk.address(0);
  await walk.post(0, origin, { ok: true, value: { report: null } });
  await walk.post(0, origin, {
    ok: true,
    value: {
      report: {
        end: "completed",
        events: [
          { at: 1, type: "open", protocol: payload },
          { at: 2, type: "message", data: payload },
          { at: 3, type: "refusal", code: payload, reason: payload },
          { at: 4, type: "exception", name: payload, message: payload },
          { at: 5, type: "close", code: 4_000, reason: payload, wasClean: true },
        ],
      },
    },
  });
  assert.equal(walk.current, null);
  return walk;
}

/** What there would be on a page if a text had become markup. */
const survey = `({
  pwned: globalThis.pwned ?? null,
  injected: [...document.querySelectorAll("img[src=x], [onerror], object, embed, base")]
    .map((one) => one.outerHTML),
  links: [...document.querySelectorAll("[href], [action], [src], [formaction]")]
    .flatMap((one) => ["href", "action", "src", "formaction"].map((name) => one.getAttribute(name)))
    .filter((link) => /^\\s*(?:javascript|vbscript):/i.test(link ?? "")),
  inline: [...document.scripts].filter((one) => one.src === "" && one.type === "").length,
})`;
const harmless = { pwned: null, injected: [], links: [], inline: 0 };
const isLoaded = `document.readyState === "complete" && document.querySelector("main, pre") !== null`;
const showsPayload = showsPayloads(1);

/** Whether a page shows such a text, as text, so often. */
function showsPayloads(times: number): string {
  return `document.body.textContent.split("onerror=globalThis.pwned=1").length > ${times}`;
}

function queryText(parameters: Readonly<Record<string, string>>): string {
  return String(new URLSearchParams(parameters));
}

function shown(path: string, isDrawn: string = isLoaded): { path: string; isDrawn: string } {
  return { path, isDrawn };
}

/** Pages, below a lab's address, that show such texts, or are asked to. */
function pagesOf(walk: Walk): readonly { readonly path: string; readonly isDrawn: string }[] {
  const { data, tried } = deriveSite({ ...siteCatalogue, files });
  const keys = data.runs.map(({ key }) => key).filter((key) => (tried.get(key) ?? []).length > 0);
  const evidence = keys.flatMap((run) =>
    (tried.get(run) ?? [])
      .filter((technique) => technique.includes("onerror"))
      .map((technique) => ({ run, technique, scenario: technique })),
  );
  const all = { run: payload, technique: payload, scenario: payload, browser: payload };
  const addresses = { run: address, technique: address, scenario: address, browser: address };
  return [
    shown("index.html", showsPayload),
    shown("risks.html"),
    shown("join.html", `document.querySelector(".join-visits li") !== null`),
    shown(`index.html?run=${visitKey(walk)}`),
    shown(
      `evidence.html?${queryText({ run: visitKey(walk), technique: trial.technique, scenario: "valid" })}`,
      // Its protocol, message, refusal, exception and close reason, besides who it is.
      showsPayloads(6),
    ),
    ...evidence.slice(0, 3).map((one) => shown(`evidence.html?${queryText(one)}`, showsPayload)),
    // Greeted by name on every panel: names have at most 64 characters.
    shown(`?${queryText({ user: image })}`, showsPayloads(3)),
    ...["index", "evidence", "try", "compare", "join"].flatMap((name) => [
      shown(
        `${name}.html?${queryText(all)}#${encodeURIComponent(payload)}`,
        `document.readyState === "complete"`,
      ),
      shown(
        `${name}.html?${queryText(addresses)}#${address}`,
        `document.readyState === "complete"`,
      ),
    ]),
    shown(`learn.html?${queryText({ step: payload, guess: payload, present: payload })}`),
    shown(`answers.html?${queryText({ q: payload, find: payload, question: payload })}`),
    shown(`choose.html?${queryText({ demand: payload, situation: payload })}`),
    shown(`techniques/${encodeURIComponent(payload)}.html`, `document.readyState === "complete"`),
    shown(encodeURIComponent(payload), `document.readyState === "complete"`),
    shown(`runs/${encodeURIComponent(payload)}`, `document.readyState === "complete"`),
  ];
}

/** What a policy kept from running, or from being loaded, has got into a page. */
function blockedIn({ complaints }: TestPage): readonly string[] {
  return complaints.filter((one) => /Content.Security.Policy|violates/iu.test(one));
}

suite("no text becomes markup", () => {
  for (const browser of browsers) {
    const { id, skip } = browser;

    test(`which would run if it did: ${id}`, { skip, timeout }, async () => {
      await using server = await serve(`<!doctype html><main>${payload}</main>`);
      await using page = await openTestPage(browser);
      await page.open(server.url);
      await page.until("globalThis.pwned === 1");
      const found = await page.evaluate<typeof harmless>(survey);
      assert.equal(found.injected.length, 1);
      assert.equal(found.inline, 1);
    });

    test(`on the lab's pages: ${id}`, { skip, timeout }, async () => {
      await using lab = await startHostileLab();
      const walk = await makeVisit(lab);
      await using page = await openTestPage(browser);
      for (const { path, isDrawn } of pagesOf(walk)) {
        await page.open(new URL(path, lab.url).href);
        await page.until(isDrawn);
        assert.deepEqual(await page.evaluate(survey), harmless, path);
        assert.deepEqual(blockedIn(page), [], path);
      }
    });

    test(`in the report of one file: ${id}`, { skip, timeout }, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "hostile "));
      const path = join(folder.path, "report.html");
      await writeFile(path, await html.render(results, sampleCatalogue));
      await using page = await openTestPage(browser);
      const { data, tried } = deriveSite({ ...siteCatalogue, files: files.slice(0, 1) });
      const [run] = data.runs.filter(({ key }) =>
        (tried.get(key) ?? []).some((technique) => technique.includes("<img")),
      );
      assert.ok(run);
      const technique = tried.get(run.key)?.find((one) => one.includes("<img")) ?? "";
      const cell = { page: "evidence", run: run.key, technique, scenario: technique };
      const queries = [{}, { page: "risks" }, cell, { page: payload, run: address }];
      for (const query of queries) {
        await page.open(`${pathToFileURL(path).href}?${String(new URLSearchParams(query))}`);
        await page.until(`document.readyState === "complete"`);
        if (query === cell) await page.until(showsPayload);
        // Its own script, which its policy names by its hash.
        assert.deepEqual(await page.evaluate(survey), { ...harmless, inline: 1 });
        assert.deepEqual(blockedIn(page), []);
      }
    });
  }
});

suite("a page of another site", () => {
  for (const browser of browsers) {
    const { id, skip } = browser;
    test(
      `cannot frame the lab, read it, or begin anything there: ${id}`,
      { skip, timeout },
      async () => {
        const asked: string[] = [];
        await using lab = await startHostileLab(asked);
        await using server = await serve(hostilePage(lab.url.origin));
        await using page = await openTestPage(browser);
        await page.open(server.url);
        await page.until("globalThis.done === true");
        const tries = await page.evaluate<Record<string, string>>("globalThis.tries");
        assert.deepEqual(tries, {
          "data as a script": "refused",
          "api as JSON": "refused",
          "source that everybody may read": "read",
          "feed of visits": "refused",
          frame: "ended",
        });
        assert.equal(lab.visits.all().length, 0, "no visit has begun");
        assert.ok(asked.includes("index.html"), "the frame was asked for");
        assert.ok(!asked.includes("style.css"), "and not shown: its style was not");
        await page.open(lab.url.href);
        await page.until(isLoaded);
        assert.ok(asked.includes("style.css"), "as it is where it is no frame");
      },
    );
  }
});

/** Tries what pages can without asking first. */
function hostilePage(lab: string): string {
  return `<!doctype html><body><script type="module">
    globalThis.tries = {};
    const lab = ${JSON.stringify(lab)};
    const told = (name, promise) =>
      promise.then((said) => (tries[name] = said), () => (tries[name] = "refused"));
    const element = (name, attributes) => new Promise((resolve, reject) => {
      const made = Object.assign(document.createElement(name), attributes);
      made.addEventListener("load", () => resolve("ended"));
      made.addEventListener("error", reject);
      document.body.append(made);
    });
    globalThis.siteData = () => { tries.data = "handed over"; };
    const read = async (path) => (await (await fetch(lab + path)).text()) && "read";
    const feed = new EventSource(lab + "/api/visits/events");
    const form = Object.assign(document.createElement("form"), {
      method: "post", action: lab + "/runs", target: "sink",
    });
    const sink = Object.assign(document.createElement("iframe"), { name: "sink" });
    document.body.append(sink, form);
    const posted = new Promise((resolve) => sink.addEventListener("load", resolve));
    form.submit();
    navigator.sendBeacon(lab + "/runs", "x");
    await Promise.all([
      told("data as a script", element("script", { src: lab + "/data/site.js" })),
      told("api as JSON", read("/api/techniques")),
      told("source that everybody may read", read("/assets/attempt.ts")),
      told("feed of visits", new Promise((resolve, reject) => {
        feed.addEventListener("open", () => resolve("read"));
        feed.addEventListener("error", reject);
      })),
      told("frame", element("iframe", { src: lab + "/" })),
      fetch(lab + "/runs", { method: "POST", mode: "no-cors" }).catch(() => {}),
      fetch(lab + "/api/attempts", {
        method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" },
        body: JSON.stringify({ technique: "query-parameter", user: "alice" }),
      }).catch(() => {}),
      Promise.race([posted, new Promise((resolve) => setTimeout(resolve, 2000))]),
    ]);
    feed.close();
    globalThis.done = true;
  </script>`;
}

/** Serves one page on another site than the lab's. */
async function serve(page: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(page);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const at = server.address();
  assert.ok(typeof at === "object" && at !== null);
  return {
    url: `http://127.0.0.1:${at.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
