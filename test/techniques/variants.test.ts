import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { folderOf } from "../../techniques/folder.ts";
import { ask, basic, converse, present } from "../client.ts";
import { startLabOf } from "../start-lab.ts";

suite("a variant's own half", () => {
  for (const technique of techniques.filter(({ browser }) => browser !== undefined)) {
    test(`${technique.id} is served its own, line for line`, async () => {
      await using lab = await startLabOf(technique.id);
      const answer = await ask(new URL(`/techniques/${technique.id}/browser.ts`, lab.url));
      const file = new URL(technique.browser ?? "", folderOf(technique, techniquesDirectory));
      const source = await readFile(file, "utf8");
      assert.equal(answer.status, 200);
      // Types become spaces, so that every file has its own length.
      assert.equal(answer.body.length, source.length);
      assert.match(answer.body, /export const connect/u);
    });
  }
});

suite("the cookie's attributes, as the frame's server names them", () => {
  const rows = [
    ["cookie-iframe", "SameSite=Strict"],
    ["cookie-iframe-strict", "SameSite=Strict"],
    ["cookie-iframe-lax", "SameSite=Lax"],
    ["cookie-iframe-none", "Secure; SameSite=None"],
    ["cookie-iframe-partitioned", "Secure; Partitioned; SameSite=None"],
  ] as const;
  for (const [id, attributes] of rows) {
    test(`${id}: ${attributes}`, async () => {
      await using lab = await startLabOf(id);
      const port = lab.ports.get(id)?.ws;
      const { body } = await ask(`http://localhost:${port}/page.json`);
      assert.deepEqual(JSON.parse(body), { origin: lab.url.origin, cookie: id, attributes });
    });
  }
});

suite("a cookie's attributes are evidence, and neither its name nor its value", () => {
  const rows = [
    ["session-cookie", "login", ["Path=/; HttpOnly; SameSite=Lax"]],
    ["forward-auth", "login", ["Path=/; HttpOnly; SameSite=Lax"]],
    ["parent-domain-cookie", "login", ["Path=/; HttpOnly; SameSite=Strict"]],
    ["cookie-cors-none", "cookie", ["Path=/; HttpOnly; Secure; SameSite=None"]],
    ["storage-access", "cookie", ["Path=/; HttpOnly; Secure; SameSite=None"]],
    ["cookie-iframe-lax", "page.json", ["Path=/; SameSite=Lax"]],
    ["ticket", "ticket", undefined],
  ] as const;
  for (const [id, route, sets] of rows) {
    test(`${id}: ${sets?.join() ?? "none is set"}`, async () => {
      await using lab = await startLabOf(id);
      const { secret: body } = lab.tokens.issue("alice", 60_000, false);
      const url = new URL(`http://localhost:${lab.ports.get(id)?.ws}/${route}`);
      const headers = { "Content-Type": "text/plain" };
      const isPosted = !route.endsWith(".json");
      const { status } = await ask(url, isPosted ? { method: "POST", headers, body } : {});
      assert.ok(status === 200 || status === 204, String(status));
      const [seen] = lab.evidence.unattributed;
      assert.ok(seen?.type === "request");
      assert.deepEqual(seen.sets, sets);
    });
  }
});

suite("the request that is to be remembered", () => {
  const ids = techniques.flatMap(({ id, folder }) => (folder === "cached-basic" ? [id] : []));
  for (const id of ids) {
    test(`${id}: the preflight names the header and the one page that may send it`, async () => {
      await using lab = await startLabOf(id);
      const { status, headers } = await ask(prime(lab.ports.get(id)?.ws), { method: "OPTIONS" });
      assert.equal(status, 204);
      assert.equal(headers["access-control-allow-origin"], lab.url.origin);
      assert.equal(headers["access-control-allow-credentials"], "true");
      assert.equal(headers["access-control-allow-headers"], "Authorization");
    });

    test(`${id}: whatever is presented is taken, and nothing is challenged`, async () => {
      await using lab = await startLabOf(id);
      const url = prime(lab.ports.get(id)?.ws);
      const challenged = await ask(url);
      assert.equal(challenged.status, 401);
      assert.match(String(challenged.headers["www-authenticate"]), /^Basic /u);
      const answer = await ask(url, { headers: { Authorization: basic("alice", "anything") } });
      assert.equal(answer.status, 204);
    });

    test(`${id}: the page in the frame is for one page only, and challenged likewise`, async () => {
      await using lab = await startLabOf(id);
      const url = prime(lab.ports.get(id)?.ws).replace(/prime$/u, "frame");
      assert.equal((await ask(url)).status, 401);
      const answer = await ask(url, { headers: { Authorization: basic("alice", "anything") } });
      assert.equal(answer.status, 200);
      assert.match(
        String(answer.headers["content-security-policy"]),
        new RegExp(`frame-ancestors ${lab.url.origin}$`, "u"),
      );
    });
  }
});

suite("the subprotocol that is selected, whatever was offered", () => {
  const rows = [
    ["subprotocol", "websocket-auth-lab"],
    ["subprotocol-unselected", ""],
    ["subprotocol-raw", "websocket-auth-lab"],
  ] as const;
  for (const [id, selected] of rows) {
    test(`${id}: ${selected === "" ? "none" : selected}`, async () => {
      await using lab = await startLabOf(id);
      const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
      const endpoint = new URL(`ws://localhost:${lab.ports.get(id)?.ws}/`);
      const { events } = await converse(await present(id, endpoint, { user, token }));
      const protocols = events.flatMap((event) => (event.type === "open" ? [event.protocol] : []));
      assert.deepEqual(protocols, [selected]);
    });
  }
});

function prime(port: number | undefined): string {
  return `http://localhost:${port}/prime`;
}
