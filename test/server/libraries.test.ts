import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { techniques } from "../../techniques/index.ts";
import { ask } from "../client.ts";
import { handshake, sendRaw } from "../raw-request.ts";
import { startLabOf } from "../start-lab.ts";

suite("the libraries of techniques", () => {
  const served: [file: string, start: string][] = [
    ["@stomp/stompjs/esm6/index.js", "export * from"],
    ["@stomp/stompjs/esm6/client.js", "import "],
  ];
  for (const [file, start] of served) {
    test(`serves ${file} as a script`, async () => {
      await using lab = await startLabOf("stomp-connect");
      const answer = await ask(new URL(`libraries/${file}`, lab.url));
      assert.equal(answer.status, 200);
      assert.match(answer.headers["content-type"] ?? "", /^text\/javascript\b/u);
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
      assert.ok(answer.body.startsWith(start));
    });
  }

  const refused: [name: string, target: string][] = [
    ["a package that no technique lists", "/libraries/express/index.js"],
    ["a package that another technique lists", "/libraries/mqtt/dist/mqtt.esm.js"],
    ["a file that is not there", "/libraries/@stomp/stompjs/esm6/none.js"],
    ["a folder", "/libraries/@stomp/stompjs/esm6"],
    ["a folder with a slash", "/libraries/@stomp/stompjs/esm6/"],
    ["the package itself", "/libraries/@stomp/stompjs"],
    ["the scope", "/libraries/@stomp"],
    ["no package", "/libraries/"],
    ["a path that leads out", "/libraries/@stomp/stompjs/../../express/index.js"],
    ["an encoded path that leads out", "/libraries/@stomp/stompjs/..%2f..%2fexpress%2findex.js"],
    ["encoded dots that lead out", "/libraries/@stomp/stompjs/%2e%2e/%2e%2e/express/index.js"],
    ["a backslash", "/libraries/@stomp/stompjs/..\\..\\express\\index.js"],
    ["a name in other letters", "/libraries/@STOMP/stompjs/esm6/index.js"],
  ];
  for (const [name, target] of refused) {
    test(`refuses ${name}`, async () => {
      await using lab = await startLabOf("stomp-connect");
      const { ws } = lab.ports.get("app") ?? assert.fail();
      const request = handshake(target, { Connection: "close", Upgrade: "" });
      const answer = await sendRaw(ws, request.replace("Upgrade: \r\n", ""));
      assert.match(answer, /^HTTP\/1\.1 (?:400|403|404) /u);
      assert.ok(!answer.includes("export "));
    });
  }

  test("are installed, every one that is listed", async () => {
    for (const { id, libraries = [] } of techniques) {
      for (const name of libraries) assert.ok(import.meta.resolve(name), `${id}: ${name}`);
    }
  });
});
