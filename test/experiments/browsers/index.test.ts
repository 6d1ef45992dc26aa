import assert from "node:assert/strict";
import { test } from "node:test";

import {
  browserFinders,
  parseBrowser,
  requiredBrowsers,
} from "../../../experiments/browsers/index.ts";

const accepted = [
  { spec: "chrome", is: "installed chrome" },
  { spec: "webkit", is: "installed webkit" },
  { spec: "firefox=/opt/firefox/firefox", is: "binary firefox /opt/firefox/firefox" },
  { spec: "chrome=./a=b@c", is: "binary chrome ./a=b@c" },
  { spec: "safari@http://localhost:4444", is: "remote safari http://localhost:4444/" },
  {
    spec: "chrome-90@ws://host:9222/devtools/browser/x",
    is: "remote chrome-90 ws://host:9222/devtools/browser/x",
  },
  {
    spec: "grid@https://user:key@grid.example/wd/hub",
    is: "remote grid https://user:key@grid.example/wd/hub",
  },
] as const;

for (const { spec, is } of accepted) {
  test(`"${spec}" is ${is}`, () => {
    const choice = parseBrowser(spec);
    const words =
      choice.kind === "remote"
        ? [choice.kind, choice.id, choice.address.href]
        : [choice.kind, choice.finder.id, ...(choice.kind === "binary" ? [choice.path] : [])];
    assert.equal(words.join(" "), is);
  });
}

const refused = [
  { spec: "", says: /"" is not a browser.*chrome, firefox, webkit/ },
  { spec: "opera", says: /"opera" is not a browser.*chrome, firefox, webkit/ },
  { spec: "safari=/usr/bin/safari", says: /there is no "safari"/ },
  { spec: "Chrome", says: /there is no "Chrome"/ },
  { spec: "chrome=", says: /names no binary. Use chrome=\/path/ },
  { spec: "safari@", says: /"" in "safari@" is not an address/ },
  { spec: "safari@localhost:4444", says: /"localhost:4444" .* is not an address/ },
  { spec: "safari@file:///etc", says: /is not an address/ },
  { spec: "My Safari@http://localhost:4444", says: /needs a name before the "@"/ },
  { spec: "@http://localhost:4444", says: /needs a name/ },
] as const;

for (const { spec, says } of refused) {
  test(`"${spec}" is refused`, () => assert.throws(() => parseBrowser(spec), says));
}

test("every required browser can be found on every platform", () => {
  const ids = browserFinders.map(({ id }) => id);
  assert.deepEqual(ids, ["chrome", "firefox", "webkit"]);
  assert.deepEqual(requiredBrowsers("linux"), ids);
  assert.deepEqual(requiredBrowsers("darwin"), ["chrome", "firefox"]);
  assert.deepEqual(requiredBrowsers("win32"), ["chrome", "firefox"]);
});
