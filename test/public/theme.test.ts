import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const theme = await readFile(new URL("../../public/theme.css", import.meta.url), "utf8");

test("dark looks the same, whether the system or a page's visitor asks for it", () => {
  // Written twice, because browsers that are old and still measured know no light-dark().
  const ofSystem = palette(/:root:not\(\[data-theme="light"\]\) \{(?<rules>[^}]*)\}/u);
  assert.ok(ofSystem.length > 10);
  assert.deepEqual(palette(/:root\[data-theme="dark"\] \{(?<rules>[^}]*)\}/u), ofSystem);
});

function palette(block: RegExp): string[] {
  const { rules = "" } = block.exec(theme)?.groups ?? {};
  return [...rules.matchAll(/--[\w-]+: [^;]+;/gu)].map(([rule]) => rule);
}
