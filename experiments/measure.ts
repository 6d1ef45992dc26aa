import type { Results, Run, TrustObservation } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import type { Laboratory } from "../server/app.ts";
import type { Installed } from "../server/attempts.ts";
import type { Canaries } from "../server/canaries.ts";
import { certificatesDirectory, openAuthority } from "../server/certificates.ts";
import { defaultConfig } from "../server/config.ts";
import { startLab } from "../server/lab.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { ensureTools } from "./browsers/install.ts";
import type { Candidate } from "./candidates.ts";
import type { Flags } from "./flags.ts";
import { nameOf } from "./journal-format.ts";
import type { Journal } from "./journal.ts";
import type { ProgressDisplay } from "./progress.ts";
import { putProxyBefore } from "./proxy.ts";
import { keptIn, type KeptRun, type Recorded } from "./recorded.ts";
import { runRest } from "./rest-of-run.ts";
import { absentRun, type Progress } from "./run-browser.ts";
import type { Sitting } from "./sittings.ts";
import { trustConditions } from "./trust/conditions.ts";
import { observeTrust, trustTrial } from "./trust/observe.ts";

/** Longer than a page's own deadline for one attempt, so that the page is the first to give up. */
const patienceMs = defaultConfig.attemptDeadlineMs + 5_000;
const launchTimeoutMs = 30_000;
const endsTls = "TLS ends at the reverse proxy, which asks for no certificate";

/** What is measured, and who is told. */
export interface Measurement {
  readonly flags: Flags;
  readonly candidates: readonly Candidate[];
  readonly sittings: readonly Sitting[];
  readonly harness: Run["harness"];
  readonly laboratory: Laboratory;
  readonly canaries: Canaries;
  /** Takes every trial and observation when it has ended. */
  readonly journal: Journal;
  /** What was measured before, and is not again; null: nothing. */
  readonly recorded: Recorded | null;
  readonly progress: ProgressDisplay;
  /** Ends the measuring early; aborted with an error when something ends that the browsers are measured through. */
  readonly stop: AbortController;
}

/** What was measured. */
export interface Measured {
  readonly results: Results;
  /** What a reverse proxy before all servers logged: URLs with their tokens; null: there was none. */
  readonly accessLog: string | null;
  /** Sentences about browsers that had been measured in part, and cannot be had any more. */
  readonly unmade: readonly string[];
}

/** Measures what the flags ask for in all browsers, side by side. Throws a ConfigError when what is recorded belongs to another plan. */
export async function measure(measurement: Measurement): Promise<Measured> {
  const { flags, candidates, sittings, harness, canaries, journal, recorded, stop } = measurement;
  const { progress } = measurement;
  const note = (line: string): void => progress.note(line);
  const keptOf = (of: string, planned: readonly Trial[]): KeptRun | null =>
    keptIn(recorded, of, planned);
  // Before anything is started: whoever changed the code is told at once.
  for (const [place, { identity }] of candidates.entries()) {
    for (const { profile, trials } of sittings) keptOf(nameOf(place, identity.id, profile), trials);
  }
  const guarded = flags.techniques
    .filter(({ proxied }) => proxied !== undefined)
    .map(({ id }) => id);
  const certified = flags.techniques
    .filter(({ asksForCertificate }) => asksForCertificate === true)
    .map(({ id }) => id);
  const isBeforeAll = flags.through !== null;
  const isSearched = sittings.some(({ trials }) =>
    trials.some(({ attempts }) => attempts.some(({ searched }) => searched === true)),
  );
  await ensureTools(
    [
      ...(flags.certificates || certified.length > 0 ? (["certutil"] as const) : []),
      ...(isBeforeAll || isSearched || guarded.length > 0 ? (["nginx"] as const) : []),
    ],
    note,
    { signal: stop.signal },
  );

  const withTls = flags.certificates || flags.schemes.includes("wss");
  const certificates = withTls ? await openAuthority(certificatesDirectory) : null;
  await using lab = await startLab({
    config: { ...defaultConfig, port: 0, certificates, behindProxy: isBeforeAll || isSearched },
    techniques,
    techniquesDirectory,
    laboratory: measurement.laboratory,
    onSecret: canaries.add,
  });
  const announced = isBeforeAll ? [...lab.ports.keys()] : guarded;
  const tried = flags.techniques.map(({ id }) => id);
  const searched = isSearched ? tried.filter((id) => !certified.includes(id)) : [];
  const servers = [...new Set([...announced, ...searched])];
  await using proxy =
    servers.length === 0
      ? null
      : await putProxyBefore(lab, { servers, announced, techniques, certificates });
  const lacking = proxy?.state === "absent" ? proxy.reason : null;
  if (lacking !== null && !isBeforeAll) {
    const concerned = [...guarded, ...(isSearched ? ["the proxy's access log"] : [])];
    note(`${concerned.join(", ")}: ${lacking}`);
  }
  let isOver = false;
  const onProxyEnd = (how: string): void => {
    // Whatever is behind it would seem to refuse good tokens.
    const why = `the reverse proxy ${how}, and nothing reaches what is behind it`;
    if (!isOver) stop.abort(new Error(why));
  };
  if (proxy?.state === "here") void proxy.ended.then(onProxyEnd);
  const authority = certificates?.authority ?? null;
  const runs: Run[] = [];
  const trust: TrustObservation[] = [];
  const unmade: string[] = [];
  await Promise.all(
    candidates.map(async ({ identity, found: browser }, place) => {
      const found =
        isBeforeAll && lacking !== null ? ({ state: "absent", reason: lacking } as const) : browser;
      if (found.state === "absent") note(`${identity.name}: ${found.reason}`);
      const common = {
        harness,
        headless: !flags.headful,
        authority,
        startWalk: (trials: readonly Trial[], installed: Installed | null = null) => {
          const walk = lab.walks.start(trials, "nowhere", installed);
          walk.exclude(({ technique }) => (guarded.includes(technique) ? lacking : null));
          if (isBeforeAll) {
            walk.exclude(({ technique }) => (certified.includes(technique) ? endsTls : null));
          }
          return walk;
        },
        launchTimeoutMs,
        patienceMs,
        signal: stop.signal,
        onProblem: note,
      };
      let left = 0;
      for (const sitting of sittings) {
        const { profile } = sitting;
        const label = profile === "default" ? identity.id : `${identity.id}, ${profile}`;
        const of = nameOf(place, identity.id, profile);
        const kept = keptOf(of, sitting.trials);
        left += sitting.trials.length - (kept?.places.length ?? 0);
        const options = {
          ...common,
          ...sitting,
          certificates: flags.schemes.includes("wss") ? "accept-any" : "default",
          through: isBeforeAll && proxy?.state === "here" ? proxy.version : null,
          onTrial(ended: Progress) {
            if (!stop.signal.aborted) journal.trial(of, ended);
            progress.trial(label, ended);
          },
        } as const;
        runs.push(
          found.state === "absent"
            ? (kept?.run ?? absentRun(identity, found.reason, options))
            : await runRest(kept, found.target, identity, {
                ...options,
                certified,
                certify: (attempt) => lab.certify(attempt),
              }),
        );
      }
      for (const condition of flags.certificates ? trustConditions : []) {
        const of = nameOf(place, identity.id, `certificates ${condition.id}`);
        const known = recorded?.trust.get(of);
        if (known?.trial.definition === trustTrial(condition).definition) {
          trust.push(known);
          continue;
        }
        left += 1;
        if (found.state === "absent") continue;
        const observation = await observeTrust(found.target, identity, condition, {
          ...common,
          profile: "default",
          onTrial: (trial) => progress.trial(`${identity.id}, certificates`, trial),
        });
        if (!stop.signal.aborted) journal.trust(of, observation);
        trust.push(observation);
      }
      // One that was not here either when the run began lacks nothing that could be gone on with.
      const wasHere = [...(recorded?.runs.keys() ?? []), ...(recorded?.trust.keys() ?? [])].some(
        (of) => of.startsWith(nameOf(place, identity.id, "")),
      );
      if (found.state === "absent" && wasHere && left > 0) {
        unmade.push(
          `${left} trials of ${identity.name} could not be made: ${found.reason}; --resume makes them when it is there`,
        );
      }
    }),
  );
  isOver = true;
  progress.done();

  const inOrder = ({ browser }: Run | TrustObservation): number =>
    candidates.findIndex(({ identity }) => identity.id === browser.id);
  return {
    results: {
      schema: "websocket-auth-results/1",
      runs: runs.toSorted((a, b) => inOrder(a) - inOrder(b)),
      trust: trust.toSorted((a, b) => inOrder(a) - inOrder(b)),
    },
    accessLog: isBeforeAll && proxy?.state === "here" ? await proxy.accessLog() : null,
    unmade,
  };
}
