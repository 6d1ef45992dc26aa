import { isIP } from "node:net";
import type { Certificates } from "./certificates.ts";

/** What can be set about a lab. Times are milliseconds. */
export interface LabConfig {
  /** The app's port; technique n listens on `port + n`. 0 takes free ports. */
  readonly port: number;
  /** The certificates of the secure twins, which listen on `port + n + 443`; null: there are none. */
  readonly certificates: Certificates | null;
  /** The addresses to listen on. */
  readonly hosts: readonly string[];
  /**
   * The domain of a DNS service that reads an address out of a name, as nip.io does, below which trials
   * of visitors from other devices have hosts of their own; null: they share one.
   */
  readonly names: string | null;
  /** Whether a reverse proxy on this machine says, in X-Forwarded-Proto, how its client connected. */
  readonly behindProxy: boolean;
  /** How long a token of the live page is accepted. Trials have lifetimes of their own. */
  readonly liveTokenLifetimeMs: number;
  /** How long a page waits for the end of one connection. */
  readonly attemptDeadlineMs: number;
  readonly origin: OriginLimits;
  readonly sockets: SocketLimits;
  readonly tokens: TokenLimits;
}

/** How much of tokens a lab remembers. */
export interface TokenLimits {
  /** How many tokens are held; the oldest is dropped to make room, and is unknown from then on. */
  readonly capacity: number;
  /** How long a dead token is remembered, so that its refusal can name the cause, in milliseconds. */
  readonly remembranceMs: number;
}

/** What a WebSocket origin puts up with. Times are milliseconds. */
export interface OriginLimits {
  /** How long an open connection may take to present its credential. */
  readonly firstMessageDeadlineMs: number;
  readonly maxPayloadBytes: number;
  /** Of a request's target and header fields; larger ones are answered with 431 (RFC 6585, 5). */
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** How often a connection is pinged; one that left two pings unanswered is cut. */
  readonly pingIntervalMs: number;
  /** How long a connection may be open without a message from the client. */
  readonly idleLimitMs: number;
}

/** What every port puts up with, whatever is behind it. Times are milliseconds. */
export interface SocketLimits {
  /** How long a TLS handshake may take. */
  readonly tlsHandshakeMs: number;
  /** How long a connection may take to send a request's head. */
  readonly requestHeadMs: number;
  /** How long it may take to send a whole request. */
  readonly requestMs: number;
  /** How often a port looks for requests that take too long. */
  readonly checkIntervalMs: number;
  /** How long nothing may move on a connection that was not upgraded, in either direction. */
  readonly standstillMs: number;
  /** How many connections a port has besides those that WebSocket servers allow; more are closed at once. */
  readonly spare: number;
  /** How many connections another device has to all ports together. Of this machine, whoever comes by a proxy included, there is no telling who it is. */
  readonly maxPerDevice: number;
}

/** A setting that the user got wrong, as a sentence that names it and what is allowed. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

export const defaultConfig: LabConfig = {
  port: 8000,
  certificates: null,
  hosts: ["127.0.0.1", "::1"],
  names: "nip.io",
  behindProxy: false,
  liveTokenLifetimeMs: 30_000,
  attemptDeadlineMs: 10_000,
  origin: {
    firstMessageDeadlineMs: 2_000,
    // Room for a token of 16 KiB, the largest that is tried.
    maxPayloadBytes: 32_768,
    // As Node has it by default.
    maxHeaderBytes: 16_384,
    maxConnections: 1_000,
    pingIntervalMs: 15_000,
    idleLimitMs: 60_000,
  },
  sockets: {
    tlsHandshakeMs: 10_000,
    // Browsers open connections before they need them: a while later one may still be used.
    requestHeadMs: 20_000,
    requestMs: 30_000,
    checkIntervalMs: 2_000,
    // The feed of visits says something every 15 s.
    standstillMs: 60_000,
    spare: 1_000,
    maxPerDevice: 500,
  },
  tokens: { capacity: 1_000_000, remembranceMs: 60_000 },
};

/** The secure twin of port p is p + 443. */
export const secureOffset = 443;

/** Reads `--port`: 0, or a whole number that leaves room for `block` ports above it and for their secure twins. */
export function parsePort(text: string, block: number): number {
  const port = Number(text);
  const highest = 65_535 - block - secureOffset;
  if (!/^\d+$/u.test(text) || port > highest) {
    throw new ConfigError(
      `--port takes a whole number from 0 to ${highest}, which leaves room for the other ports, not "${text}"`,
    );
  }
  return port;
}

/** Reads `--host`: an IP address, or `localhost` for both loopback addresses. */
export function parseHosts(text: string): readonly string[] {
  if (text === "localhost") return defaultConfig.hosts;
  const address = text.replace(/^\[(?<inner>.*)\]$/u, "$<inner>");
  if (isIP(address) === 0) {
    throw new ConfigError(
      `--host takes an IP address of this machine or "localhost", not "${text}"; 0.0.0.0 listens on every interface`,
    );
  }
  return [address];
}

/** Reads `--names`: the domain of a DNS service, or `none`. */
export function parseNames(text: string): string | null {
  if (text === "none") return null;
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const isDomain = new RegExp(`^${label}(?:\\.${label})*\\.[a-z][a-z0-9-]*[a-z0-9]$`, "u");
  if (text.length > 100 || !isDomain.test(text)) {
    throw new ConfigError(
      `--names takes a domain whose names lead to the address in them, "nip.io" or "sslip.io", or "none", not "${text}"`,
    );
  }
  return text;
}

/** Reads `--token-lifetime`, in seconds. */
export function parseLifetime(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
    throw new ConfigError(
      `--token-lifetime takes seconds, more than 0 and at most 86400, not "${text}"`,
    );
  }
  return seconds * 1_000;
}
