import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { Duplex } from "node:stream";
import { suite, test } from "node:test";
import { connect } from "node:tls";
import type { Present } from "../../model/trial.ts";
import { createClientAuthority, type ClientCertificate } from "../../server/client-certificates.ts";
import type { Lab } from "../../server/lab.ts";
import { converse, open, present } from "../client.ts";
import { startLabOf, startTestLab } from "../start-lab.ts";
import { testAuthority } from "../authority.ts";
import { techniques } from "../../techniques/index.ts";

const id = "client-certificate";
const hourMs = 3_600_000;
const alice = { user: "alice", token: "" };

function endpointOf(lab: Lab, scheme: "ws" | "wss" = "wss"): URL {
  return new URL(`${scheme}://localhost:${lab.ports.get(id)?.[scheme]}/?attempt=a`);
}

/** What the server saw of a client with this certificate, and what the client did. */
async function meet(
  lab: Lab,
  certificate: ClientCertificate | null,
): Promise<{
  readonly refusal: string | null;
  readonly user: string | null;
  readonly codes: string;
}> {
  lab.evidence.open("a");
  const endpoint = endpointOf(lab);
  const socket = await present(id, endpoint, alice, undefined, certificate ?? {});
  const { events } = await converse(socket);
  const [seen] = await lab.evidence.take("a", 1_000);
  assert.ok(seen?.type === "request", "no handshake was recorded");
  const { refusal, user } = seen;
  return { refusal, user, codes: events.map(({ type }) => type).join() };
}

/** A certificate of an authority that nobody asked for, under the same name. */
async function foreign(commonName: string): Promise<ClientCertificate> {
  const authority = await createClientAuthority();
  return await authority.issue({ commonName, lifetimeMs: hourMs });
}

interface Row {
  readonly name: string;
  readonly certificate: (lab: Lab) => Promise<ClientCertificate | null>;
  readonly refusal: string | null;
}

const certified =
  (is: Present, lifetimeMs?: number): Row["certificate"] =>
  async (lab) =>
    (await lab.certify({ present: is, user: "alice" }, lifetimeMs)).certificate;

const rows: readonly Row[] = [
  { name: "a good certificate", certificate: certified("fresh"), refusal: null },
  { name: "no certificate", certificate: certified("none"), refusal: "no credential" },
  {
    name: "a certificate of another authority, for a name that was never given out",
    certificate: certified("forged"),
    refusal: "unknown token",
  },
  {
    name: "a certificate of another authority, for the name of a token that is good",
    certificate: (lab) => foreign(lab.tokens.idOf(lab.tokens.issue("alice", hourMs, false))),
    refusal: "wrong proof",
  },
  {
    name: "a certificate whose token has run out",
    certificate: certified("expired"),
    refusal: "expired token",
  },
  {
    name: "a certificate that has run out with its token",
    certificate: certified("expired", -1_000),
    refusal: "expired token",
  },
  {
    name: "a certificate that has run out before its token",
    certificate: certified("fresh", -1_000),
    refusal: "wrong proof",
  },
  {
    name: "a certificate with an empty name",
    certificate: () => foreign(""),
    refusal: "unknown token",
  },
];

suite("over TLS", () => {
  for (const { name, certificate, refusal } of rows) {
    test(`${name} is ${refusal === null ? "accepted" : `refused: ${refusal}`}`, async () => {
      await using lab = await startLabOf(id);
      assert.deepEqual(await meet(lab, await certificate(lab)), {
        refusal,
        user: refusal === null ? "alice" : null,
        codes: refusal === null ? "open,message,close" : "error,close",
      });
    });
  }
});

test("without TLS there is no credential", async () => {
  await using lab = await startLabOf(id);
  lab.evidence.open("a");
  await converse(open(endpointOf(lab, "ws")));
  const [seen] = await lab.evidence.take("a", 1_000);
  assert.equal(seen?.type === "request" && seen.refusal, "no credential");
});

test("another site's page gets in with nobody's certificate", async () => {
  await using lab = await startLabOf(id);
  const { certificate } = await lab.certify({ present: "fresh", user: "alice" });
  lab.evidence.open("a");
  const headers = { Origin: "https://evil.example" };
  await converse(open(endpointOf(lab), { headers, ...certificate }));
  const [seen] = await lab.evidence.take("a", 1_000);
  assert.equal(seen?.type === "request" && seen.refusal, "origin not allowed");
});

test("the page's own Origin gets in", async () => {
  await using lab = await startLabOf(id);
  const { certificate } = await lab.certify({ present: "fresh", user: "alice" });
  const headers = { Origin: lab.secureUrl?.origin ?? assert.fail() };
  const { events } = await converse(open(endpointOf(lab), { headers, ...certificate }));
  assert.deepEqual(
    events.map(({ type }) => type),
    ["open", "message", "close"],
  );
});

test("clients are asked for a certificate on this technique's port, and on no other", async () => {
  await using lab = await startTestLab();
  const asking: string[] = [];
  for (const [name, { wss }] of lab.ports) {
    assert.ok(wss);
    if (await asksForCertificate(wss)) asking.push(name);
  }
  const expected = techniques.filter(({ asksForCertificate: asks }) => asks === true);
  assert.deepEqual(
    asking,
    expected.map(({ id: name }) => name),
  );
});

/** In TLS 1.2 the server's first words are not encrypted: a request for a certificate has the type 13 (RFC 5246, 7.4). */
async function asksForCertificate(port: number): Promise<boolean> {
  const wire = connectPlain(port, "127.0.0.1");
  const heard: Buffer[] = [];
  const between = new Duplex({
    read() {},
    write: (chunk: Buffer, _encoding, done) => void wire.write(chunk, () => done()),
  });
  wire.on("data", (chunk: Buffer) => {
    heard.push(chunk);
    between.push(chunk);
  });
  const ca = testAuthority.authority;
  assert.ok(ca);
  const client = connect({ socket: between, servername: "localhost", ca, maxVersion: "TLSv1.2" });
  await once(client, "secureConnect");
  wire.destroy();
  return handshakeTypes(Buffer.concat(heard)).includes(13);
}

/** The types of the handshake messages up to ServerHelloDone, whatever records they are in. */
function handshakeTypes(bytes: Buffer): readonly number[] {
  const records: Buffer[] = [];
  for (let at = 0; bytes[at] === 22; at += 5 + bytes.readUInt16BE(at + 3)) {
    records.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3)));
  }
  const messages = Buffer.concat(records);
  const types: number[] = [];
  for (let at = 0; at < messages.length; at += 4 + messages.readUIntBE(at + 1, 3)) {
    types.push(messages.readUInt8(at));
    if (types.at(-1) === 14) break;
  }
  return types;
}
