import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { pathToFileURL } from "node:url";
import { suite, test } from "node:test";
import { WebSocket } from "ws";
import { openAuthority, readCertificates } from "../../server/certificates.ts";
import { ConfigError } from "../../server/config.ts";
import { testAuthority } from "../authority.ts";
import { techniques } from "../../techniques/index.ts";
import { ask, converse, loopback, present } from "../client.ts";
import { sendRaw } from "../raw-request.ts";
import { startTestLab } from "../start-lab.ts";

/** A folder that is removed at the end of the test. */
async function scratch(): Promise<AsyncDisposable & { readonly path: string; readonly url: URL }> {
  const path = await mkdtemp(join(tmpdir(), "certificates-"));
  return {
    path,
    url: pathToFileURL(`${path}/made/`),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

suite("the authority", () => {
  test("is made once, and kept for its owner only", async () => {
    await using folder = await scratch();
    const first = await openAuthority(folder.url);
    const second = await openAuthority(folder.url);
    assert.equal(first.authority, second.authority);
    const modes = ["", "authority.pem"].map(
      async (name) => (await stat(new URL(name, folder.url))).mode & 0o777,
    );
    assert.deepEqual(await Promise.all(modes), [0o700, 0o600]);
    const shared = await readFile(new URL("authority.crt", folder.url), "utf8");
    assert.doesNotMatch(shared, /PRIVATE/u);
  });

  test("is one, however many labs start at once", async () => {
    await using folder = await scratch();
    const opened = await Promise.all(Array.from({ length: 8 }, () => openAuthority(folder.url)));
    assert.equal(new Set(opened.map(({ authority }) => authority)).size, 1);
    const shared = await readFile(new URL("authority.crt", folder.url), "utf8");
    assert.equal(shared.trim(), opened[0]?.authority?.trim());
    assert.deepEqual((await readdir(folder.url)).toSorted(), ["authority.crt", "authority.pem"]);
  });

  test("that cannot be kept is an error with the fix", async () => {
    await using folder = await scratch();
    await writeFile(join(folder.path, "made"), "a file where the folder should be");
    await assert.rejects(openAuthority(folder.url), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /--no-tls/u);
      return true;
    });
  });

  test("takes a client's text for a name, and for nothing else", async () => {
    await using lab = await startTestLab();
    const { wss } = lab.ports.get("query-parameter") ?? {};
    const socket = connectTls({
      port: wss ?? 0,
      host: "127.0.0.1",
      servername: "x,O=Somebody",
      rejectUnauthorized: false,
    });
    await once(socket, "secureConnect");
    assert.equal(socket.getPeerX509Certificate()?.subject, "CN=WebSocket Auth Lab");
    socket.destroy();
  });

  test("that is damaged is made anew", async () => {
    await using folder = await scratch();
    const first = await openAuthority(folder.url);
    await writeFile(new URL("authority.pem", folder.url), "-----BEGIN nothing");
    assert.notEqual((await openAuthority(folder.url)).authority, first.authority);
  });

  test("vouches for every host of the lab that is asked for, and for no longer than browsers accept", async () => {
    await using lab = await startTestLab();
    const { wss } = lab.ports.get("query-parameter") ?? {};
    for (const servername of ["t0-abc.localhost", "localhost", "ws.t0-abc.example.net"]) {
      const socket = connectTls({
        port: wss ?? 0,
        host: "127.0.0.1",
        servername,
        ca: testAuthority.authority ?? "",
      });
      await once(socket, "secureConnect");
      const certificate = socket.getPeerX509Certificate();
      assert.equal(certificate?.subjectAltName, `DNS:${servername}`);
      const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
      assert.ok(days > 30 && days < 398);
      socket.destroy();
    }
  });

  test("vouches for nobody else's names, whoever asks", async () => {
    await using lab = await startTestLab();
    for (const servername of ["www.bank.test", "example.com", "ws.t0.example.edu"]) {
      const socket = connectTls({
        port: lab.ports.get("query-parameter")?.wss ?? 0,
        host: "127.0.0.1",
        servername,
        ca: testAuthority.authority ?? "",
      });
      await assert.rejects(once(socket, "secureConnect"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    }
  });
});

suite("a certificate that the user brings", () => {
  test("is presented", async () => {
    await using folder = await scratch();
    const { key, cert } = testAuthority.fallback;
    const [certFile, keyFile] = [join(folder.path, "cert.pem"), join(folder.path, "key.pem")];
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    const certificates = await readCertificates(certFile, keyFile);
    await using lab = await startTestLab({ certificates });
    assert.ok(lab.secureUrl);
    assert.equal((await ask(new URL("/endpoints", lab.secureUrl))).status, 200);
  });

  test("that is absent, not PEM, or another key's is refused with its flag", async () => {
    await using folder = await scratch();
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder.path, name), text);
      return join(folder.path, name);
    };
    const cert = await file("cert.pem", testAuthority.fallback.cert);
    const key = await file("key.pem", testAuthority.fallback.key);
    const junk = await file("junk.pem", "junk");
    const other = await openAuthority(folder.url);
    const otherKey = await file("other.pem", other.fallback.key);
    for (const [certFile, keyFile] of [
      ["/absent", key],
      [cert, "/absent"],
      [junk, key],
      [cert, junk],
      [cert, otherKey],
    ] as const) {
      await assert.rejects(readCertificates(certFile, keyFile), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /--(?:cert|key) /u);
        return true;
      });
    }
  });
});

suite("over TLS", () => {
  test("a program that trusts the authority is let in", async () => {
    await using lab = await startTestLab();
    const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
    const endpoint = new URL(`wss://localhost:${lab.ports.get("query-parameter")?.wss}/`);
    const { events } = await converse(await present("query-parameter", endpoint, { user, token }));
    assert.ok(events.some((event) => event.type === "message" && event.data === "Hello alice!"));
  });

  test("a program that does not trust it is refused by its own TLS library, which says so", async () => {
    await using lab = await startTestLab();
    const endpoint = `wss://localhost:${lab.ports.get("query-parameter")?.wss}/`;
    const [error]: unknown[] = await once(
      new WebSocket(endpoint, { lookup: loopback }),
      "error",
    ).catch((cause: unknown) => [cause]);
    assert.ok(error instanceof Error);
    assert.match(error.message, /unable to (?:verify the first|get local issuer) certificate/u);
  });

  test("plain HTTP on a TLS port is closed, and TLS on a plain port too; both go on serving", async () => {
    await using lab = await startTestLab();
    const { ws, wss } = lab.ports.get("query-parameter") ?? assert.fail();
    assert.equal(await sendRaw(wss ?? 0, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "");
    const refused = connectTls({ port: ws, host: "127.0.0.1", servername: "localhost" });
    await assert.rejects(once(refused, "secureConnect"));
    assert.equal((await ask(`http://localhost:${ws}/`)).status, 426);
    assert.equal((await ask(`https://localhost:${wss}/`)).status, 426);
  });

  test("the endpoints of every technique are listed for both schemes, for the host that was asked", async () => {
    await using lab = await startTestLab();
    assert.ok(lab.secureUrl);
    for (const url of [lab.url, lab.secureUrl]) {
      const list = JSON.parse((await ask(new URL("/endpoints", url))).body);
      assert.equal(Object.keys(list).length, techniques.length);
      for (const technique of Object.keys(list)) {
        const { ws, wss } = lab.ports.get(technique) ?? assert.fail();
        assert.deepEqual(list[technique], {
          ws: `ws://localhost:${ws}/`,
          wss: `wss://localhost:${wss}/`,
        });
      }
    }
  });

  test("a page gets endpoints that fit its own scheme", async () => {
    await using lab = await startTestLab();
    assert.ok(lab.secureUrl);
    for (const [url, protocol] of [
      [lab.url, "ws:"],
      [lab.secureUrl, "wss:"],
    ] as const) {
      const body = JSON.stringify({ technique: "query-parameter", user: "alice" });
      const headers = { "Content-Type": "application/json" };
      const answer = await ask(new URL("/api/attempts", url), { method: "POST", headers, body });
      assert.equal(new URL(JSON.parse(answer.body).endpoint).protocol, protocol);
    }
  });

  test("the frame may be framed by the page of its own scheme", async () => {
    await using lab = await startTestLab();
    const frame = `https://localhost:${lab.ports.get("cookie-iframe")?.wss}/frame.html`;
    const { headers } = await ask(frame);
    assert.match(
      String(headers["content-security-policy"]),
      new RegExp(`${lab.secureUrl?.origin}$`, "u"),
    );
  });

  test("without certificates there is no secure twin", async () => {
    await using lab = await startTestLab({ certificates: null });
    assert.equal(lab.secureUrl, null);
    const list = JSON.parse((await ask(new URL("/endpoints", lab.url))).body);
    assert.equal(list["query-parameter"].wss, null);
  });
});

test("the fallback is for localhost and the loopback addresses", () => {
  const { subjectAltName } = new X509Certificate(testAuthority.fallback.cert);
  assert.equal(subjectAltName, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
});
