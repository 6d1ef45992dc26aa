import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { verdict } from "../../experiments/verdict.ts";
import type { ObservedTrial } from "../../model/observation.ts";
import type { Trial } from "../../model/trial.ts";
import { techniques } from "../../techniques/index.ts";
import { allTrials } from "../all-trials.ts";
import { ask, open, converse } from "../client.ts";
import { startLabOf } from "../start-lab.ts";
import { endpointOf, patient } from "./dialogue.ts";
import { walkOneTrial } from "./walk-one-trial.ts";

/** These trials wait for what does not come: side by side they take no longer than one. */
const sideBySide = { concurrency: 8 } as const;

function trialOf(technique: string, scenario: string): Trial | undefined {
  return allTrials.find((one) => one.technique === technique && one.scenario === scenario);
}

async function play(technique: string, scenario: string): Promise<ObservedTrial> {
  const trial = trialOf(technique, scenario);
  assert.ok(trial);
  await using lab = await startLabOf(technique, patient);
  const observed = await walkOneTrial(lab, trial);
  assert.equal(observed.failure, null);
  assert.equal(observed.attempts.length, trial.attempts.length);
  return observed;
}

/** How the connection of the first attempt ended, as the page saw it. */
function closeOf({ attempts: [first] }: ObservedTrial): string | undefined {
  const close = first?.events.findLast((event) => event.type === "close");
  return close?.type === "close" ? `${close.code} ${close.reason}` : undefined;
}

suite("a session that is over ends its open connection, and opens no other", sideBySide, () => {
  const rows = [
    { scenario: "revoked-open", close: "4401 revoked token" },
    { scenario: "expired-open", close: "4401 expired token" },
    { scenario: "logged-out", close: "4401 revoked token" },
  ] as const;
  for (const { scenario, close } of rows) {
    for (const { id } of techniques) {
      if (trialOf(id, scenario) === undefined) continue;
      test(`${id}, ${scenario}`, async () => {
        const observed = await play(id, scenario);
        assert.equal(closeOf(observed), close);
        const { outcome, reason } = verdict(observed);
        assert.equal(outcome, "pass", reason);
      });
    }
  }
});

suite("without the watch it goes on, which is found out", sideBySide, () => {
  const rows = [
    ["revoked-unwatched", "its token was revoked"],
    ["expired-unwatched", "its token had run out"],
  ] as const;
  const differing = ["query-parameter", "session-cookie", "socket-io", "in-band-renewal"];
  for (const [scenario, although] of rows) {
    for (const id of differing) {
      test(`${id}, ${scenario}`, async () => {
        const observed = await play(id, scenario);
        assert.equal(closeOf(observed), `4000 still open although ${although}`);
        const found = verdict(observed);
        assert.ok(found.outcome === "fail" && found.kind === "let-in");
        assert.equal(found.reason, `stayed connected although ${although}`);
      });
    }
  }
});

suite("a JSON Web Token cannot be revoked, what was traded for one can", sideBySide, () => {
  const rows = [
    ["query-parameter", "4000 still open although its token was revoked"],
    ["first-message", "4000 still open although its token was revoked"],
    ["ticket", "4401 revoked token"],
    ["session-cookie", "4401 revoked token"],
  ] as const;
  for (const [id, close] of rows) {
    test(`${id}: ${close}`, async () => {
      const observed = await play(id, "revoked-jwt");
      assert.equal(closeOf(observed), close);
    });
  }
});

suite("what was captured on the wire, repeated by a program", sideBySide, () => {
  const rows = [
    ["query-parameter", null],
    ["session-cookie", null],
    ["first-message", null],
    ["subprotocol", null],
    ["user-information", null],
    ["stomp-connect", null],
    ["mqtt-connect", null],
    ["ticket", "token already used"],
    ["challenge-response", "wrong proof"],
    ["channel-grant", "wrong proof"],
    ["client-certificate", "no credential"],
  ] as const;
  for (const scenario of ["replay-open", "replay-closed"]) {
    for (const [id, refusal] of rows) {
      test(`${id}, ${scenario}: ${refusal ?? "is let in"}`, async () => {
        const observed = await play(id, scenario);
        const [first, replayed] = observed.attempts;
        assert.ok(first && replayed);
        assert.equal(replayed.end, "completed");
        const judged = replayed.evidence.filter((entry) => entry.type !== "close");
        const expected = refusal === null ? ["alice", null] : [null, refusal];
        assert.deepEqual(judged.map((entry) => [entry.user, entry.refusal]).at(-1), expected);
        assert.equal(verdict(observed).outcome, "pass");
      });
    }
  }

  test("a connection that is held is open all the while, and let go", async () => {
    const observed = await play("query-parameter", "replay-open");
    assert.equal(closeOf(observed), "1000 ");
  });
});

suite("logging out", () => {
  for (const { id, logsOut, cookie: name } of techniques) {
    if (logsOut !== true || name === undefined) continue;
    test(`${id}: a page of another origin can log nobody out`, async () => {
      await using lab = await startLabOf(id, patient);
      const token = lab.tokens.issue("alice", 60_000, false);
      const session = lab.tokens.derive(token, 60_000, false);
      const url = new URL("logout", endpointOf(lab, id).href.replace(/^ws/u, "http"));
      const headers = { Cookie: `${name}=${session.secret}`, Origin: "https://evil.example" };
      const answer = await ask(url, { method: "POST", headers });
      assert.equal(answer.status, 403);
      assert.equal(answer.headers["set-cookie"], undefined);
      assert.equal(lab.tokens.redeem(session.secret).accepted, true);
    });

    test(`${id}: takes the cookie away, and the session with the token`, async () => {
      await using lab = await startLabOf(id, patient);
      const token = lab.tokens.issue("alice", 60_000, false);
      const session = lab.tokens.derive(token, 60_000, false);
      const url = new URL("logout", endpointOf(lab, id).href.replace(/^ws/u, "http"));
      const headers = { Cookie: `${name}=${session.secret}` };
      const answer = await ask(url, { method: "POST", headers });
      assert.equal(answer.status, 204);
      const [cookie = ""] = answer.headers["set-cookie"] ?? [];
      assert.ok(cookie.startsWith(`${name}=; `) && /; Max-Age=0\b/u.test(cookie), cookie);
      for (const { secret } of [token, session]) {
        assert.deepEqual(lab.tokens.redeem(secret), { accepted: false, refusal: "revoked token" });
      }
    });

    test(`${id}: without a session nobody is logged out`, async () => {
      await using lab = await startLabOf(id, patient);
      const url = new URL("logout", endpointOf(lab, id).href.replace(/^ws/u, "http"));
      const forged = lab.tokens.forge("alice").secret;
      for (const Cookie of ["", `${name}=`, `${name}=x`, `${name}=${forged}`]) {
        const answer = await ask(url, { method: "POST", headers: { Cookie } });
        assert.equal(answer.status, 401, Cookie.replace(forged, "(forged)"));
      }
    });
  }
});

test("the Origin check is left out for attempts that say so, and for no others", async () => {
  await using lab = await startLabOf("session-cookie", patient);
  const trials = (["origin-check", undefined] as const).map((without) => ({
    technique: "session-cookie",
    scenario: "hijack",
    placement: "same-host" as const,
    scheme: "ws" as const,
    definition: "",
    attempts: [
      {
        present: "fresh" as const,
        user: "alice",
        singleUse: false,
        expect: "any" as const,
        ...(without !== undefined && { without }),
      },
    ],
  }));
  const outcomes: (string | undefined)[] = [];
  for (const trial of trials) {
    const run = lab.walks.start([trial], "nowhere");
    const origin = run.address(0).origin;
    const instruction = await run.post(0, origin, { ok: true, value: { report: null } });
    const attempt = "attempt" in instruction ? instruction.attempt : assert.fail();
    const token = lab.tokens.issue("alice", 60_000, false);
    const session = lab.tokens.derive(token, 60_000, false);
    const headers = { Cookie: `session-cookie=${session.secret}`, Origin: "https://evil.example" };
    const { events } = await converse(open(attempt.endpoint, { headers }));
    outcomes.push(events.find((event) => event.type === "message")?.data);
  }
  assert.deepEqual(outcomes, ["Hello alice!", undefined]);
});
