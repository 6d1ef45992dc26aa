import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explainedAdvisories, parseAudit, unexplained } from "../../supply-chain/audit.ts";

const advisory = {
  source: 1,
  name: "b",
  title: "b can be stopped",
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
  severity: "high",
};
const answer = {
  auditReportVersion: 2,
  vulnerabilities: {
    a: { name: "a", severity: "high", via: ["b"] },
    b: { name: "b", severity: "high", via: [advisory, advisory] },
  },
};

suite("the audit", () => {
  test("reads each advisory once, where it arises", () => {
    const { name, severity, title } = advisory;
    const read = { id: "GHSA-aaaa-bbbb-cccc", name, severity, title };
    assert.deepEqual(parseAudit(JSON.stringify(answer)), { state: "asked", advisories: [read] });
    assert.deepEqual(unexplained([read], [{ id: "GHSA-other", why: "it is another" }]), [read]);
    assert.deepEqual(unexplained([read], [{ id: read.id, why: "b is never called" }]), []);
  });

  test("is content when nothing is known", () => {
    const clean = { auditReportVersion: 2, vulnerabilities: {}, metadata: {} };
    assert.deepEqual(parseAudit(JSON.stringify(clean)), { state: "asked", advisories: [] });
  });

  const failures: readonly { readonly stdout: string; readonly reason: string }[] = [
    {
      stdout: JSON.stringify({ message: "405 - POST https://registry.example/", statusCode: 405 }),
      reason: "the registry could not be asked: status 405",
    },
    {
      stdout: JSON.stringify({ message: "getaddrinfo registry.example", code: "ENOTFOUND" }),
      reason: "the registry could not be asked: ENOTFOUND",
    },
    {
      stdout: JSON.stringify({ error: { code: "ENOLOCK", summary: "no lock at /somewhere" } }),
      reason: "the registry could not be asked: ENOLOCK",
    },
    { stdout: "{}", reason: "the registry could not be asked: a failure" },
    { stdout: "", reason: "npm audit did not answer in JSON" },
  ];
  for (const { stdout, reason } of failures) {
    test(`knows nothing, rather than nothing bad, when npm says ${stdout || "nothing"}`, () => {
      assert.deepEqual(parseAudit(stdout), { state: "unasked", reason });
    });
  }

  test("has no explanation twice", () => {
    const ids = explainedAdvisories.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
