import type { IncomingMessage } from "node:http";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** An answered request, as access logs write it down. */
export interface LoggedAnswer {
  readonly request: Pick<IncomingMessage, "method" | "url" | "httpVersion" | "headers"> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  };
  readonly status: number;
  /** How long the answer's body was; 0 is written as "-". */
  readonly bodyBytes: number;
  readonly at: Date;
}

/**
 * A line of the combined log format, `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`
 * (https://httpd.apache.org/docs/2.4/logs.html#combined), in UTC. The user name is that of Basic
 * credentials whether they are good or not, and what could end a line or is not ASCII is written as
 * nginx does (https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format).
 */
export function accessLogLine({ request, status, bodyBytes, at }: LoggedAnswer): string {
  const { method = "", url = "", httpVersion, headers, socket } = request;
  const quoted = (value: string | undefined): string => `"${escape(value ?? "-")}"`;
  return [
    socket.remoteAddress ?? "-",
    "-",
    escape(basicUser(headers.authorization)),
    `[${clock(at)}]`,
    quoted(`${method} ${url} HTTP/${httpVersion}`),
    status,
    bodyBytes === 0 ? "-" : bodyBytes,
    quoted(headers.referer),
    quoted(headers["user-agent"]),
  ].join(" ");
}

/** RFC 7617, 2: what comes before the first colon. */
function basicUser(authorization: string | undefined): string {
  const base64 = /^basic +(?<base64>[\w+/-]+=*)\s*$/iu.exec(authorization ?? "")?.groups?.[
    "base64"
  ];
  const pair = Buffer.from(base64 ?? "", "base64").toString("latin1");
  const colon = pair.indexOf(":");
  return colon > 0 ? pair.slice(0, colon) : "-";
}

/** Node hands out header fields and targets as bytes, a character each. */
function escape(bytes: string): string {
  return bytes.replaceAll(/[^ !#-[\]-~]/gu, (byte) => {
    const code = byte.charCodeAt(0) % 0x1_00;
    return `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

function clock(at: Date): string {
  const day = `${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ""}/${at.getUTCFullYear()}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  return `${day}:${time} +0000`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
