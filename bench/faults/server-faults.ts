import { browserFinders } from "../../experiments/browsers/index.ts";
import { describeSurprise, surprises } from "../../experiments/report/surprises.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import { Canaries } from "../../server/canaries.ts";
import { readHarness } from "../../experiments/harness.ts";
import { findNginx } from "../../experiments/nginx.ts";
import { plan } from "../../experiments/plan.ts";
import { readPublished } from "../../experiments/results-files.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { defaultConfig } from "../../server/config.ts";
import { startLab } from "../../server/lab.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { usualDeadlineMs } from "./command.ts";
import { cuttablePort } from "./cuttable-port.ts";
import type { Fault } from "./fault.ts";
import { descendant } from "./processes.ts";
import { brokenAndResumed } from "./resumed.ts";
import { anyBrowser, askFor, count, isConclusive } from "./trials.ts";

const repeat = 8;
const noBrowser = { state: "absent", reason: "neither Chromium nor Firefox is installed" } as const;

/** The reverse proxy, through which a technique's server is reached, ends for good. */
export const proxyKilled: Fault = {
  id: "proxy-killed",
  title: "nginx, which guards a server, killed after the third trial (SIGKILL); then --resume",
  isQuick: false,
  exits: [2, 0],
  async make(around) {
    const browser = await anyBrowser();
    if (browser === null) return noBrowser;
    const nginx = await findNginx();
    if (nginx.state === "absent") return nginx;
    const flags = askFor(browser, repeat).map((flag) =>
      flag === "query-parameter" ? "forward-auth" : flag,
    );
    return await brokenAndResumed(around, {
      flags,
      repeat,
      after: 3,
      strike(run) {
        const pid = descendant(run.pid, /nginx: master/u);
        if (pid === null) {
          return { state: "absent", reason: "nginx was not found among the processes" };
        }
        // With its worker, which would go on alone.
        process.kill(-pid, "SIGKILL");
        return null;
      },
      seen: /^error: /u,
    });
  },
};

/** The WebSocket server goes away in the middle of a trial, and is there again at once. */
export const serverRestarted: Fault = {
  id: "server-restarted",
  title: "A WebSocket server's port reset in the middle of the fourth trial, and listened to again",
  isQuick: false,
  exits: [],
  async make({ signal }) {
    const browser = await anyBrowser();
    const finder = browserFinders.find(({ id }) => id === browser);
    const target = await finder?.find();
    if (finder === undefined || target === undefined || target === null) return noBrowser;
    const own = techniques.filter(({ id }) => id === "query-parameter");
    const harness = await readHarness();
    await using lab = await startLab({
      config: { ...defaultConfig, port: 0 },
      techniques: own,
      techniquesDirectory,
      laboratory: createLaboratory(own, techniquesDirectory, harness, new Canaries()),
    });
    const { ws = 0 } = lab.ports.get("query-parameter") ?? {};
    await using port = await cuttablePort(ws);
    lab.announce(new Map([...lab.ports, ["query-parameter", { ws: port.port, wss: null }]]));
    const trials = plan({
      techniques: own,
      techniquesDirectory,
      scenarios: scenarios.filter(({ id }) => id === "rotation"),
      placements: ["same-host"],
      schemes: ["ws"],
      repeat,
    });
    const problems: string[] = [];
    const measured: JudgedTrial[] = [];
    const deadline = AbortSignal.timeout(usualDeadlineMs);
    const unstarted = { id: finder.id, name: finder.title, engine: finder.engine, os: "unknown" };
    const run = await runBrowser(target, unstarted, {
      trials,
      leftOut: [],
      startWalk: (walk) => lab.walks.start(walk, "nowhere"),
      harness,
      headless: true,
      profile: "default",
      certificates: "default",
      authority: null,
      through: null,
      launchTimeoutMs: 30_000,
      patienceMs: defaultConfig.attemptDeadlineMs + 5_000,
      signal: AbortSignal.any([signal, deadline]),
      onTrial({ done, trial }) {
        if (done <= 3 && isConclusive(trial)) measured.push(trial);
        // Of the four connections of a trial, the second.
        if (done === 3) port.cutAt(2).catch((error: unknown) => problems.push(String(error)));
      },
      onProblem: (sentence) => problems.push(sentence),
    });
    if (deadline.aborted) throw new Error(`it was not over within ${usualDeadlineMs / 1_000} s`);
    const unexpected = surprises(run, await readPublished());
    return {
      state: "made",
      seen: [...problems, ...unexpected.map(describeSurprise)].join("; "),
      exits: [],
      trials: count(repeat, { said: measured.length, trials: measured }, run.trials),
    };
  },
};
