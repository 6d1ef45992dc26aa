import express, { type Express, type Request, type Response } from "express";
import type {
  AttemptTask,
  JoinInfo,
  JudgedAttempt,
  LiveTask,
  PreflightAnswer,
  PreflightTask,
  TechniqueInfo,
  TrialAnswer,
} from "../model/lab-api.ts";
import type { ObservedTrial } from "../model/observation.ts";
import type { Verdict } from "../model/results.ts";
import type { Caller, Trial } from "../model/trial.ts";
import type { PageCredential } from "../techniques/connect.ts";
import { folderOf } from "../techniques/folder.ts";
import { needsCertificate } from "../techniques/needs-certificate.ts";
import { needsProxy } from "../techniques/needs-proxy.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Attempts, OpenAttempt, PagePlace } from "./attempts.ts";
import { answerFailures } from "./answer-failures.ts";
import { browserFile } from "./browser-file.ts";
import type { KnownHost } from "./known-host.ts";
import { libraries } from "./libraries.ts";
import { LiveAttempts } from "./live-attempts.ts";
import {
  parseLiveRequest,
  parsePageReport,
  parsePoint,
  parsePreflight,
  parseTrialPost,
} from "./page-report.ts";
import { createRunner, isRunnerEntry, type Runner } from "./runner.ts";
import { trialPage } from "./trial-page.ts";
import type { Instruction, Walk, Walks } from "./walks.ts";
import type { WebSocketOrigin } from "./websocket-origin.ts";
import { hostnameOf, ownOrigin } from "./own-origin.ts";
import { serveVisits } from "./serve-visits.ts";
import type { Site } from "./site.ts";
import { UnreadAnswers } from "./unread-answers.ts";
import type { Visits } from "./visits.ts";

/** What experiments lend to the lab, which knows none itself. */
export interface Laboratory {
  /** The trials of a visitor's walk. */
  plan(): readonly Trial[];
  /** What a trial shows. */
  judge(trial: ObservedTrial): Verdict;
  /** A visit with the trials that it has made so far, as JSON that pages understand. */
  visitRun(walk: Walk): object;
  /** A trial of a visit, likewise; undefined: pages do not show it. */
  visitTrial(trial: ObservedTrial): readonly (number | undefined)[] | undefined;
  /** A file that hands content to a page under a name. */
  dataScript(name: string, content: unknown): string;
  /** A visit as a results file. */
  visitFile(walk: Walk): VisitFile;
  /** Writes that file, and says where: a path in the project. */
  saveVisit(walk: Walk): Promise<{ readonly path: string } | { readonly problem: string }>;
}

/** A results file, or why there is none. */
export type VisitFile =
  | { readonly name: string; readonly text: string }
  | { readonly problem: string };

/** What the app serves and shares with the WebSocket origins. */
export interface AppSurroundings {
  readonly techniques: readonly Technique[];
  readonly techniquesDirectory: URL;
  readonly attempts: Attempts;
  readonly walks: Walks;
  readonly visits: Visits;
  readonly knownHost: KnownHost;
  readonly joinInfo: () => JoinInfo;
  /** The WebSocket address of a technique for a page. */
  readonly endpoint: (technique: string, page: PagePlace) => URL;
  readonly hasTls: boolean;
  /** As in LabConfig. */
  readonly behindProxy: boolean;
  /** The WebSocket servers that share the app's port, by path. */
  readonly origins: ReadonlyMap<string, WebSocketOrigin>;
  readonly attemptDeadlineMs: number;
  /** The lifetime of tokens outside of trials. */
  readonly liveTokenLifetimeMs: number;
  readonly laboratory: Laboratory;
  /** The pages that people browse to; null: nobody does. */
  readonly site: Site | null;
}

const publicDirectory = new URL("../public/", import.meta.url);

/** The HTTP side: pages, tokens for live attempts, walks of trials. */
export function createApp(surroundings: AppSurroundings): Express {
  const app = express().disable("x-powered-by").enable("case sensitive routing");
  if (surroundings.behindProxy) app.set("trust proxy", "loopback");
  // First, so that these answer as on ports of their own, and see every request.
  for (const [path, origin] of surroundings.origins) app.use(path, origin.http());
  app.use((request, response, next) => {
    response.set({
      "Content-Security-Policy": policy("'none'"),
      "X-Content-Type-Options": "nosniff",
      // Data files are scripts, which pages of other sites could load, and read, without it:
      // https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
      "Cross-Origin-Resource-Policy": "same-origin",
    });
    if (surroundings.knownHost(request.headers.host) === undefined) {
      response.status(403).type("text/plain");
      response.send("unknown host; open the lab as http://localhost:… or by IP address\n");
    } else next();
  });
  // Bodies stay text here, so that one parser per kind of body says what is wrong with it.
  app.use(express.text({ type: "application/json", limit: "128kb" }));
  app.use((request, response, next) => {
    if (!["POST", "PUT"].includes(request.method) || isOfOwnPage(request)) next();
    else response.status(403).json({ error: "posts from other origins are refused" });
  });
  const runner = createRunner();
  servePages(app, surroundings, runner);
  serveLiveAttempts(app, surroundings);
  serveVisits(app, surroundings);
  serveWalks(app, surroundings, runner);
  // Last: it asks another thread about whatever nobody else has answered.
  serveSite(app, surroundings);
  answerFailures(app);
  return app;
}

/**
 * Whether a post comes from a page of the lab, or from a program. A form or a script of another site can
 * post text, but cannot choose what the browser says of where it is.
 */
function isOfOwnPage(request: Request): boolean {
  const { origin, "sec-fetch-site": site = "same-origin" } = request.headers;
  // "none": somebody's own doing, as a reload is (https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header).
  const isOwnSite = site === "same-origin" || site === "none";
  return isOwnSite && (origin === undefined || origin === ownOrigin(request));
}

function servePages(
  app: Express,
  { techniques, techniquesDirectory, endpoint, hasTls }: AppSurroundings,
  runner: Runner,
): void {
  app.get("/", (request, response, next) => {
    // A content security policy cannot name an IPv6 address, so the iframe's page could not be framed.
    if (hostnameOf(request) === "[::1]") {
      const { protocol, port } = new URL(ownOrigin(request));
      return response.redirect(302, new URL(request.url, `${protocol}//localhost:${port}`).href);
    }
    return next();
  });
  // docs/choosing.md links to it.
  app.get("/choose", (request, response) => {
    const { search } = new URL(request.originalUrl, ownOrigin(request));
    response.redirect(301, `/choose.html${search}`);
  });
  app.get("/favicon.ico", (_request, response) => response.redirect(301, "/assets/favicon.svg"));
  // A sandboxed page, whose origin is `null`, has to ask for its modules; everybody may read them.
  app.use(["/assets", "/libraries", "/techniques"], (_request, response, next) => {
    response.set("Access-Control-Allow-Origin", "*");
    next();
  });
  app.get("/assets/:name", async (request, response, next) => {
    const { name } = request.params;
    const entry = name.replace(/\.ts$/u, "");
    if (entry !== name && isRunnerEntry(entry)) {
      const script = await runner(entry);
      return response.type("text/javascript").set("Cache-Control", "no-cache").send(script);
    }
    if (!/^[a-z-]+\.(?:ts|css|svg)$/u.test(name)) return next();
    return browserFile(new URL(name, publicDirectory))(request, response, next);
  });
  app.use("/libraries", libraries(new Set(techniques.flatMap((one) => one.libraries ?? []))));
  app.get("/techniques/:id", (request, response, next) => {
    const { id: name } = request.params;
    const technique = techniques.find(({ id, folder }) => id === name || folder === name);
    if (technique === undefined) return next();
    return response.redirect(301, `/techniques/${technique.id}.html`);
  });
  app.get("/techniques/:id/browser.ts", (request, response, next) => {
    const technique = techniques.find(({ id }) => id === request.params.id);
    if (technique === undefined) return next();
    const { browser = "browser.ts" } = technique;
    const file = new URL(browser, folderOf(technique, techniquesDirectory));
    return browserFile(file)(request, response, next);
  });
  // A service worker may not import() what it needs, and nothing above its script's path.
  app.get("/techniques/:id/service-worker.ts", (request, response, next) => {
    const technique = techniques.find(({ id }) => id === request.params.id);
    if (technique === undefined) return next();
    return response
      .type("text/javascript")
      .set("Cache-Control", "no-cache")
      .send(
        `import * as half from "/techniques/${technique.id}/browser.ts";
import { answerTasks } from "/assets/service-caller.ts";
answerTasks(half);
`,
      );
  });
  app.get("/api/techniques", (request, response) => {
    const { scheme } = placeOf(request);
    const list = techniques.map((technique): TechniqueInfo => {
      const { id, title, stage, via, leavesOut } = technique;
      const leftOut =
        leavesOut?.["same-host"] ??
        leavesOut?.[scheme] ??
        needsProxy(technique) ??
        needsCertificate(technique);
      return { id, title, stage, via, leftOut };
    });
    response.json(list);
  });
  app.get("/endpoints", (request, response) => {
    const page = placeOf(request);
    const list = techniques.map(({ id }) => [
      id,
      {
        ws: endpoint(id, { ...page, scheme: "ws" }),
        wss: hasTls ? endpoint(id, { ...page, scheme: "wss" }) : null,
      },
    ]);
    response.json(Object.fromEntries(list));
  });
}

/** Of one device, or of everybody who comes by a proxy. Browsers ask for six at a time. */
const maxUnreadFiles = 200;

function serveSite(app: Express, { site }: AppSurroundings): void {
  if (site === null) return;
  const unread = new UnreadAnswers(maxUnreadFiles);
  app.get(["/", "/*path"], async (request, response, next) => {
    if (!unread.admit(response)) {
      response.status(503).type("text/plain");
      return response.send("this device has asked for too much that it has not read yet\n");
    }
    const { user = "" } = request.query;
    const home = user === "" ? "index.html" : "live.html";
    const path = request.path === "/" ? home : request.path.slice(1);
    const file = await site.file(path).catch((error: unknown) => {
      unread.forget(response);
      throw error;
    });
    if (request.socket.destroyed) return unread.forget(response);
    if (file === null) return next();
    return response.set("Cache-Control", "no-cache").type(file.type).send(file.body);
  });
}

function serveLiveAttempts(app: Express, surroundings: AppSurroundings): void {
  const { techniques, attempts, laboratory, liveTokenLifetimeMs: lifetimeMs } = surroundings;
  const live = new LiveAttempts({ attempts, lifetimeMs });
  app.post("/api/attempts", async (request, response) => {
    const parsed = parseLiveRequest(request.body);
    if (!parsed.ok) return response.status(400).json({ error: parsed.error });
    if (!techniques.some(({ id }) => id === parsed.value.technique)) {
      return response.status(400).json({ error: "technique: there is no such technique" });
    }
    const opened = await live.open(parsed.value, placeOf(request));
    if (!opened.ok) return response.status(400).json({ error: opened.error });
    const { id, given, plan } = opened.value;
    const expect = plan.expect === "accepted" ? "accepted" : "refused";
    const answer: LiveTask = { id, given, expect, ...task(opened.value, surroundings) };
    return response.status(201).json(answer);
  });
  app.post("/api/attempts/:id", async (request, response) => {
    const technique = live.techniqueOf(request.params.id);
    if (technique === undefined) return response.status(404).json({ error: "no such attempt" });
    const parsed = parsePageReport(request.body);
    if (!parsed.ok) return response.status(400).json({ error: parsed.error });
    const observed = await live.complete(request.params.id, parsed.value);
    if (observed === undefined) return response.status(404).json({ error: "no such attempt" });
    const verdict = laboratory.judge({
      technique,
      scenario: "live",
      placement: "same-host",
      scheme: placeOf(request).scheme,
      definition: "live",
      attempts: [observed],
      failure: null,
    });
    const answer: JudgedAttempt = { attempt: observed, verdict };
    return response.json(answer);
  });
}

function serveWalks(app: Express, surroundings: AppSurroundings, runner: Runner): void {
  const { walks } = surroundings;
  servePreflight(app, surroundings);
  app.get("/runs/:id/trials/:index", async (request, response, next) => {
    const walk = walks.get(request.params.id);
    const index = trialIndex(request.params.index);
    if (walk === undefined || !walk.isAt(index, ownOrigin(request))) return next();
    walk.userAgent ??= request.headers["user-agent"] ?? null;
    const { text, scriptSource } = trialPage(await runner("trial"), walk.destination !== null);
    // Whoever drives a browser needs no icon of ours.
    const inline = `script-src 'self' ${scriptSource}; img-src 'self' data:`;
    return response
      .set("Content-Security-Policy", `${policy("'none'")}; ${inline}`)
      .set("Cache-Control", "no-cache")
      .type("html")
      .send(text);
  });
  app.get("/runs/:id/trials/:index/caller", (request, response, next) => {
    const walk = walks.get(request.params.id);
    const index = trialIndex(request.params.index);
    if (walk === undefined || !walk.isAt(index, ownOrigin(request))) return next();
    // Whoever frames it has it run attempts of their choice, with the cookies of this origin.
    const ancestors = `'self' ${walk.address(index).origin}`;
    // In a sandboxed page, `'self'` is nothing to WebKits before https://github.com/WebKit/WebKit/pull/66923.
    response.set("Content-Security-Policy", policy(ancestors, ownOrigin(request)));
    return browserFile(new URL("caller.html", publicDirectory))(request, response, next);
  });
  const api = app.route("/api/runs/:id/trials/:index");
  const answerPost = async (
    request: Request<{ id: string; index: string }>,
    response: Response,
  ): Promise<Response> => {
    const walk = walks.get(request.params.id);
    const index = trialIndex(request.params.index);
    if (walk === undefined || !walk.isAt(index, ownOrigin(request))) {
      return response.status(404).json({ error: "there is no such trial on this host" });
    }
    const instruction = await walk.post(index, ownOrigin(request), parseTrialPost(request.body));
    const answer = answerTo(instruction, walk, surroundings);
    return response.status("error" in answer ? 400 : 200).json(answer);
  };
  api.post(answerPost);
  // WebKitGTK opens another connection for every POST, so its pages do not:
  // https://valadoc.org/libsoup-3.0/Soup.MessageFlags.NEW_CONNECTION.html
  api.put(answerPost);
  app.post("/api/runs/:id/trials/:index/click", (request, response) => {
    const walk = walks.get(request.params.id);
    const index = trialIndex(request.params.index);
    if (walk === undefined || !walk.isAt(index, ownOrigin(request))) {
      return response.status(404).json({ error: "there is no such trial on this host" });
    }
    const parsed = parsePoint(request.body);
    if (!parsed.ok) return response.status(400).json({ error: parsed.error });
    walk.wantClick(index, parsed.value);
    return response.status(204).end();
  });
}

/** A walk's first page: finds out what the browser knows of names that no DNS knows, and of features. */
function servePreflight(app: Express, { walks }: AppSurroundings): void {
  app.get("/runs/:id/preflight", (request, response, next) => {
    if (walks.get(request.params.id) === undefined) return next();
    return browserFile(new URL("preflight.html", publicDirectory))(request, response, next);
  });
  app.get("/runs/:id/preflight/probe", (request, response, next) => {
    const walk = walks.get(request.params.id);
    if (walk === undefined) return next();
    // It says nothing that is not in its own address.
    return response.set("Access-Control-Allow-Origin", "*").json(walk.id);
  });
  app.get("/api/runs/:id/preflight", (request, response, next) => {
    const walk = walks.get(request.params.id);
    if (walk === undefined) return next();
    const preflight: PreflightTask = {
      walk: walk.id,
      probes: Object.fromEntries(
        [...walk.unexplored].map((domain) => [domain, walk.probe(domain).href]),
      ),
    };
    return response.json(preflight);
  });
  app.post("/api/runs/:id/preflight", (request, response, next) => {
    const walk = walks.get(request.params.id);
    if (walk === undefined) return next();
    const parsed = parsePreflight(request.body);
    if (!parsed.ok) return response.status(400).json({ error: parsed.error });
    const answer: PreflightAnswer = { next: walk.preflight(parsed.value)?.href ?? null };
    return response.json(answer);
  });
}

function answerTo(
  instruction: Instruction,
  walk: Walk,
  surroundings: AppSurroundings,
): TrialAnswer {
  const trial = walk.trials[walk.current ?? walk.trials.length];
  const progress = {
    done: walk.observed.size,
    total: walk.trials.length,
    current: trial === undefined ? null : `${trial.technique}, ${trial.scenario}`,
  };
  if ("attempt" in instruction) {
    const { attempt } = instruction;
    return { progress, task: task(attempt, surroundings, walk.callerPage(attempt)) };
  }
  const next = instruction.next?.href ?? null;
  return "error" in instruction ? { progress, error: instruction.error, next } : { progress, next };
}

function task(
  { technique, endpoint, home, credential, renewal, plants, plan }: OpenAttempt,
  { attemptDeadlineMs: deadlineMs }: AppSurroundings,
  callerPage: URL | null = null,
): AttemptTask {
  return {
    technique,
    endpoint: endpoint.href,
    home: home.href,
    credential: forPage(credential),
    afterwards: plan.afterwards ?? "goodbye",
    from: plan.from ?? "page",
    callerPage: callerPage?.href ?? null,
    plants,
    searched: plan.searched === true,
    renewal: forPage(renewal),
    // Frames and workers that get no answer wait for ever: there are many, and half the time tells.
    deadlineMs: callerPage === null && !isWorker(plan.from) ? deadlineMs : deadlineMs / 2,
  };
}

function isWorker(from: Caller = "page"): boolean {
  return from.endsWith("-worker");
}

function forPage(credential: PageCredential | null): PageCredential | null {
  return credential && { user: credential.user, token: credential.token };
}

/** NaN, which is the index of no trial, for everything but the digits that our own addresses hold. */
function trialIndex(text: string): number {
  return /^(?:0|[1-9]\d*)$/u.test(text) ? Number(text) : Number.NaN;
}

/** Where the page of this request is. */
function placeOf(request: Request): PagePlace {
  const scheme = request.secure ? "wss" : "ws";
  return { hostname: hostnameOf(request), scheme, placement: "same-host" };
}

/** What a page may load, and who may frame it. */
function policy(ancestors: string, self: string = "'self'"): string {
  return `default-src ${self}; connect-src * ws: wss:; frame-src *; frame-ancestors ${ancestors}; base-uri 'none'`;
}
