import assert from "node:assert/strict";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { linksFrom } from "../../site/links.ts";
import { techniquePage } from "../../site/technique-page.ts";
import type { Technique } from "../../techniques/technique.ts";
import { folderOf } from "../../techniques/folder.ts";

const sample: Technique = {
  id: "sample",
  title: "Sample & <son>",
  stage: "handshake",
  via: "smoke <signals>",
  readCredential: () => undefined,
};

const sources = {
  "README.md": "# Sample\n\nWords.\n",
  "server.ts": "export const server = 1;\n",
  "browser.ts": "export const browser = 2;\n",
};

test("the page has one h1, the technique's title, whatever the README begins with", async () => {
  for (const readme of ["# Another title\n\nWords.\n", "Words.\n\n# A part\n", ""]) {
    const page = await pageOf({ ...sources, "README.md": readme });
    assert.deepEqual(page.match(/<h1>.*?<\/h1>/gsu), ["<h1>Sample &amp; &lt;son&gt;</h1>"]);
    assert.doesNotMatch(page, /Another title/u);
  }
});

test("the README is rendered", async () => {
  const readme = "# S\n\n## What it costs\n\n- **logs**\n\n| a | b |\n|---|--:|\n| c | d |\n";
  const page = await pageOf({ ...sources, "README.md": readme });
  assert.match(page, /<h2>What it costs<\/h2>/u);
  assert.match(page, /<li><strong>logs<\/strong><\/li>/u);
  assert.match(page, /<td class="right">d<\/td>/u);
});

test("both halves are shown exactly as on disk, line for line", async () => {
  const page = await pageOf({
    ...sources,
    "server.ts": "\nconst a = '<b>' && \"&amp;\";\n\n\tend",
    "browser.ts": "const html = `</code></pre><script>alert(1)</script>`;\n",
  });
  assert.deepEqual(sourceLines(page, "server.ts"), [
    "",
    "const a = '<b>' && \"&amp;\";",
    "",
    "\tend",
  ]);
  assert.deepEqual(sourceLines(page, "browser.ts"), [
    "const html = `</code></pre><script>alert(1)</script>`;",
  ]);
});

test("a frame's files are shown when there are any", async () => {
  const without = await pageOf(sources);
  assert.doesNotMatch(without, /frame/u);
  const page = await pageOf({ ...sources, "frame.ts": "export {};\n", "frame.html": "<p>\n" });
  assert.deepEqual(sourceLines(page, "frame.html"), ["<p>"]);
  assert.deepEqual(sourceLines(page, "frame.ts"), ["export {};"]);
});

test("files that nobody asked for stay on disk", async () => {
  assert.doesNotMatch(await pageOf({ ...sources, "secret.txt": "s3cret" }), /s3cret/u);
});

const hostile = [
  { name: "a script", readme: "<script>alert(1)</script>" },
  { name: "an event handler", readme: "Look: <img src=x onerror=alert(1)>" },
  { name: "a script's address", readme: "[link](javascript:alert(1))" },
  { name: "a disguised address", readme: "[link](<java&#115;cript:alert(1)>)" },
  { name: "a document in an address", readme: "[link](data:text/html,<script>alert(1)</script>)" },
  { name: "an image from elsewhere", readme: "![pixel](https://elsewhere.example/pixel.png)" },
  { name: "a way out of a code block", readme: "```\n</code></pre><script>\n```" },
  { name: "a way out of a language", readme: '```"><script>\ncode\n```' },
  { name: "a way out of an attribute", readme: '[link](/a "\\"><script>alert(1)</script>")' },
  { name: "a style", readme: "| a |\n|:-:|\n| b |" },
];

for (const { name, readme } of hostile) {
  test(`${name} in a README is inert`, async () => {
    const page = await pageOf({ ...sources, "README.md": readme });
    const article = /<article class="prose">(?<body>.*)<\/article>/su.exec(page)?.groups?.["body"];
    assert.ok(article !== undefined && article !== "");
    assert.doesNotMatch(article, /<(?:script|img|style|iframe)|<[^>]* (?:on\w+|style|src)=/iu);
    assert.doesNotMatch(article, /(?:href)="(?:javascript|data):/iu);
  });
}

const links = [
  { href: "server.ts", becomes: "#server.ts" },
  { href: "./browser.ts", becomes: "#browser.ts" },
  { href: "../other/README.md", becomes: "other.html" },
  { href: "../other/README.md#a-heading", becomes: "other.html" },
  { href: "../other/", becomes: "other.html" },
  {
    href: "https://www.rfc-editor.org/rfc/rfc6455",
    becomes: "https://www.rfc-editor.org/rfc/rfc6455",
  },
  {
    href: "//elsewhere.example/techniques/other/",
    becomes: "//elsewhere.example/techniques/other/",
  },
];

for (const { href, becomes } of links) {
  test(`a README's link to ${href} leads to ${becomes}`, async () => {
    const page = await pageOf({ ...sources, "README.md": `A [link](${href}).` });
    assert.ok(page.includes(`<p>A <a href="${becomes}">link</a>.</p>`));
  });
}

for (const href of ["../../docs/decisions/README.md", "secret.txt", "../other/server.ts"]) {
  test(`a README's link to ${href}, which no page shows, is its words alone`, async () => {
    const page = await pageOf({ ...sources, "README.md": `A [link](${href}).` });
    assert.match(page, /<p>A <a>link<\/a>\.<\/p>/u);
  });
}

for (const isLab of [true, false]) {
  test(`the page ${isLab ? "of a lab leads" : "without a lab does not lead"} to where the technique can be tried`, async () => {
    const page = await pageOf(sources, sample, isLab);
    assert.equal(page.includes("../try.html?technique=sample"), isLab);
    assert.ok(page.includes('href="../index.html?technique=sample"'));
  });
}

test("a technique without a README is our mistake, and says which file is missing", async () => {
  const { "README.md": _, ...rest } = sources;
  await assert.rejects(pageOf(rest), /README\.md/u);
});

test("the page obeys a policy without inline script and style", async () => {
  const page = await pageOf(sources);
  assert.doesNotMatch(page, /<style|<script(?! type="module" src=)|<[^>]* (?:on\w+|style)=/iu);
});

test("every real technique has its page", async () => {
  const { techniques, techniquesDirectory } = await import("../../techniques/index.ts");
  for (const technique of techniques) {
    const directory = folderOf(technique, techniquesDirectory);
    const page = String(await techniquePage(technique, directory, linksFrom("../"), true));
    const { browser = "browser.ts", program = "program.ts" } = technique;
    for (const name of [browser, program]) {
      const source = await readFile(new URL(name, directory), "utf8");
      assert.equal(
        sourceLines(page, name)
          .map((line) => `${line}\n`)
          .join(""),
        source,
      );
    }
  }
});

test("a variant's page shows its own half, and not that of its neighbours", async () => {
  const files = { ...sources, "browser-other.ts": "export const other = 3;\n" };
  const own = await pageOf(files, { ...sample, browser: "browser-other.ts" });
  assert.deepEqual(sourceLines(own, "browser-other.ts"), ["export const other = 3;"]);
  assert.doesNotMatch(own, /browser = 2/u);
  assert.doesNotMatch(await pageOf(files), /other = 3/u);
});

/** Writes `files` into a folder that lives as long as the page takes to be made. */
async function pageOf(
  files: Readonly<Record<string, string>>,
  technique: Technique = sample,
  isLab = true,
): Promise<string> {
  await using folder = await mkdtempDisposable(join(tmpdir(), "technique-page-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  const directory = pathToFileURL(`${folder.path}/`);
  return String(await techniquePage(technique, directory, linksFrom("../"), isLab));
}

/** The text of a file's lines, as a reader sees it. */
function sourceLines(page: string, name: string): string[] {
  const figure = page.split("<figure ").find((part) => part.includes(` id="${name}"`)) ?? "";
  const code = /<pre[^>]*><code>(?<lines>.*)<\/code><\/pre>/su.exec(figure)?.groups?.["lines"];
  return (code ?? "")
    .split("\n")
    .slice(0, -1)
    .map((line) => unescape(line.replaceAll(/<[^>]+>/gu, "")));
}

function unescape(text: string): string {
  const characters = { lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", amp: "&" } as const;
  return text.replace(
    /&(lt|gt|quot|#39|#x27|amp);/gu,
    (_, name: keyof typeof characters) => characters[name],
  );
}
