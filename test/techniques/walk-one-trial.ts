import assert from "node:assert/strict";
import type { PageReport } from "../../model/lab-api.ts";
import type { ObservedTrial } from "../../model/observation.ts";
import type { Afterwards, Trial } from "../../model/trial.ts";
import type { Lab } from "../../server/lab.ts";
import { techniques } from "../../techniques/index.ts";
import { converse, logOut, post, present, presentWithout, renew } from "../client.ts";

interface Task {
  readonly endpoint: string;
  readonly home: string;
  readonly credential: { readonly user: string; readonly token: string } | null;
  readonly afterwards: Afterwards;
  readonly renewal: Task["credential"];
}

/** What the client does when it was greeted. */
function afterGreeting(
  technique: string,
  opened: Awaited<ReturnType<typeof present>>,
  { afterwards, renewal }: Task,
): "goodbye" | (() => void) {
  if (afterwards === "goodbye") return "goodbye";
  return () => {
    if (renewal !== null) void renew(technique, opened, renewal);
    if (afterwards === "log-out") void logOut(opened);
  };
}

/** What a page reports that was refused before it had a socket. */
function refused(error: unknown): PageReport {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { end: "threw", events: [{ at: 0, type: "exception", name, message }] };
}

function asksForCertificate(trial: Trial): boolean {
  return techniques.find(({ id }) => id === trial.technique)?.asksForCertificate === true;
}

/** Plays a trial as a browser does that presents every credential faithfully, or its first one for ever. */
export async function walkOneTrial(
  lab: Lab,
  trial: Trial,
  { stale = false }: { readonly stale?: boolean } = {},
): Promise<ObservedTrial> {
  const [plan] = trial.attempts;
  assert.ok(plan);
  const installed = asksForCertificate(trial) ? await lab.certify(plan) : null;
  const run = lab.walks.start([trial], "nowhere", installed);
  const address = run.address(0);
  const api = new URL(`/api${address.pathname}`, address);
  let first: Task["credential"] = null;
  let report: unknown = null;
  for (;;) {
    const answer = await post(api, { report });
    assert.equal(answer.status, 200, answer.body);
    const { task }: { task?: Task } = JSON.parse(answer.body);
    if (task === undefined) break;
    first ??= task.credential;
    const credential = stale ? first : task.credential;
    const endpoint = new URL(task.endpoint);
    const home = new URL(task.home);
    report =
      credential === null
        ? await presentWithout(trial.technique, endpoint, home).then(
            (opened) => converse(opened),
            refused,
          )
        : await present(
            trial.technique,
            endpoint,
            credential,
            home,
            installed?.certificate ?? {},
          ).then(
            (opened) => converse(opened, afterGreeting(trial.technique, opened, task)),
            refused,
          );
  }
  const observed = run.observed.get(0);
  assert.ok(observed);
  return observed;
}
