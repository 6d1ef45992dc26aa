import type { Technique } from "../../techniques/technique.ts";
import { techniques } from "../../techniques/index.ts";
import type { Aim } from "./campaign.ts";
import { casesOf, type HostileCase } from "./cases.ts";
import type { Ring } from "./claims.ts";
import { ask, tryGood } from "./good-connection.ts";
import type { ClientPair, LabChild } from "./lab-child.ts";
import { insider, trades } from "./presentations.ts";
import { send, type Target } from "./raw-client.ts";
import { goodScript, scriptOf, type Stage } from "./scripts.ts";

/** The hostile clients of a technique's server, with one that is let in, by right, byte for byte as they are made. */
export interface TechniqueAim extends Aim<HostileCase> {
  /** Sends what the good client of a case says; whether it was greeted. */
  control(): Promise<boolean>;
}

/** Takes aim at a technique of a lab that runs. */
export async function aimAt(technique: Technique, lab: LabChild): Promise<TechniqueAim> {
  const { id } = technique;
  const ports = lab.ports.get(id);
  const app = lab.ports.get("app");
  if (ports === undefined || app === undefined) throw new Error(`${id} does not listen`);
  const tokens = await lab.ring(false);
  let ring = trades.has(id) ? await lab.ring(true) : tokens;
  const certificates = technique.asksForCertificate === true ? await lab.certificates() : null;
  const port = (certificates === null ? ports.ws : ports.wss) ?? 0;
  const host = `localhost:${port}`;
  const home = new URL(`http://localhost:${ports.ws}/`);
  const appUrl = new URL(`http://localhost:${app.ws}/`);
  const given = new Map<string, string>();
  let attempt = "";

  const grant = async (token: string, socket: string): Promise<string> => {
    const wish = JSON.stringify({ token, socket, room: "lobby" });
    return await traded(new URL("grant", home), wish);
  };
  const sign = async (token: string): Promise<string> => {
    const wish = JSON.stringify({ token, address: `ws://${host}/` });
    const address = new URL(await traded(new URL("sign", home), wish));
    return `${address.pathname}${address.search}`;
  };
  const stage = (): Stage => ({
    technique,
    all: techniques,
    ring,
    attempt,
    around: { host, given: (user) => given.get(user) ?? given.get(tokens.good.user) ?? "/", grant },
  });
  const targetOf = (hostile: HostileCase): Target => {
    if (certificates !== null) return { port, tls: shown(hostile, certificates) };
    return { port: hostile.place === "shared" ? app.ws : port };
  };
  const prepare = async (): Promise<void> => {
    attempt = await openAttempt(appUrl, id);
    if (id === "pre-signed-url") {
      for (const { user, secret } of [tokens.good, tokens.insider]) {
        given.set(user, await sign(secret));
      }
      const signatureOf = (user: string): string =>
        new URLSearchParams(given.get(user)?.split("?")[1]).get("signature") ?? "";
      const mine = signatureOf(insider);
      ring = madeOf(signatureOf(tokens.good.user), { user: insider, secret: mine });
    }
    if (id === "channel-grant") {
      ring = madeOf(await grant(tokens.good.secret, "A".repeat(22)), tokens.insider);
    }
  };
  // Ids may be told to everybody; what follows may not.
  const secrets = (): string[] => [ring.good, ring.insider].map(({ secret }) => secret.slice(14));
  const endpoint = new URL(`${certificates === null ? "ws" : "wss"}://${host}/`);
  return {
    name: id,
    cases: casesOf(technique, techniques),
    prepare,
    run: (hostile) => send(scriptOf(hostile, stage()), targetOf(hostile)),
    isInside: ({ kind }) => kind === "inside",
    secrets,
    tryGood: async () =>
      (await conclude(appUrl, attempt, secrets())) ??
      (await tryGood(technique, endpoint, tokens.insider, certificates?.good)),
    async control() {
      await prepare();
      const tls = certificates === null ? {} : { tls: certificates.good };
      const { heard } = await send(goodScript(stage()), { port, ...tls });
      return heard.includes(`Hello ${insider}!`);
    },
  };
}

/** The ring where what is presented is made anew each time, so that it is either the good one or not. */
function madeOf(good: string, mine: Ring["insider"]): Ring {
  const other = good.replaceAll(/[0-9a-f]/gu, (digit) =>
    (15 - Number.parseInt(digit, 16)).toString(16),
  );
  return {
    good: { user: "alice", secret: good },
    insider: mine,
    somebodyElse: { user: "bob", secret: other },
    forged: other,
    expired: other,
    revoked: other,
    used: other,
    unexchanged: null,
  };
}

/** What a client shows TLS: nothing, or a certificate that says what the claim is. */
function shown(
  hostile: HostileCase,
  { refused, good }: { readonly refused: readonly ClientPair[]; readonly good: ClientPair },
): ClientPair {
  if (hostile.kind === "inside") return good;
  const { claim } = hostile.claim;
  if (claim === "none") return {};
  if (claim === "good") {
    const isElsewhere = hostile.kind === "connection" && hostile.flaw?.flaw === "elsewhere";
    return isElsewhere ? {} : good;
  }
  return refused[JSON.stringify(hostile).length % refused.length] ?? {};
}

async function traded(route: URL, wish: string): Promise<string> {
  const { status, body } = await ask(route, "POST", { "Content-Type": "text/plain" }, wish);
  if (status !== 200) throw new Error(`${route.pathname} answered a good token with ${status}`);
  return body;
}

/** Has the lab open an attempt, in whose evidence heads of requests are shown. */
async function openAttempt(app: URL, technique: string): Promise<string> {
  const wish = JSON.stringify({ technique, user: "alice", present: "none" });
  const url = new URL("api/attempts", app);
  const { status, body } = await ask(url, "POST", { "Content-Type": "application/json" }, wish);
  if (status !== 201) throw new Error(`no attempt was opened: ${status}`);
  const { id }: { readonly id: string } = JSON.parse(body);
  return id;
}

/** Reports on that attempt, and reads the evidence that comes back; null: nothing is wrong with it. */
async function conclude(
  app: URL,
  attempt: string,
  secrets: readonly string[],
): Promise<string | null> {
  const report = JSON.stringify({ end: "completed", events: [] });
  const url = new URL(`api/attempts/${attempt}`, app);
  const { status, body } = await ask(url, "POST", { "Content-Type": "application/json" }, report);
  if (status !== 200) return `the report on an attempt was answered with ${status}`;
  return secrets.some((secret) => body.includes(secret)) ? "a token in the evidence" : null;
}
