/** A STOMP frame. */
export interface Frame {
  readonly command: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const escapes = { "\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\c": ":" } as const;
const shape =
  /^(?<command>[A-Z]+)\r?\n(?<lines>(?:[^\r\n:]+:[^\r\n]*\r?\n)*)\r?\n(?<body>.*)\0(?:\r?\n)*$/su;

/**
 * Reads a message that is exactly one STOMP 1.2 frame; undefined: it is none.
 * https://stomp.github.io/stomp-specification-1.2.html#Augmented_BNF
 */
export function readFrame(message: string): Frame | undefined {
  const { command = "", lines = "", body = "" } = shape.exec(message)?.groups ?? {};
  if (command === "") return undefined;
  const headers = new Map<string, string>();
  for (const line of lines.split(/\r?\n/u).slice(0, -1)) {
    const colon = line.indexOf(":");
    const parts = [line.slice(0, colon), line.slice(colon + 1)];
    // CONNECT knows no escapes, because older servers do not.
    const [name, value] = command === "CONNECT" ? parts : parts.map(unescape);
    if (name === undefined || value === undefined) return undefined;
    // Of a header that is repeated, the first one counts.
    if (!headers.has(name)) headers.set(name, value);
  }
  const length = headers.get("content-length");
  const isWhole =
    length === undefined ? !body.includes("\0") : length === String(Buffer.byteLength(body));
  return isWhole ? { command, headers, body } : undefined;
}

/** Writes a STOMP 1.2 frame. */
export function writeFrame(command: string, headers: Record<string, string>, body = ""): string {
  const all = { ...headers, "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}:${escape(value)}\n`);
  return `${command}\n${lines.join("")}\n${body}\0`;
}

function escape(text: string): string {
  const all = Object.entries(escapes);
  return text.replace(
    /[\\\n\r:]/gu,
    (found) => all.find(([, meant]) => meant === found)?.[0] ?? "",
  );
}

/** Undefined: there is an escape that STOMP does not know, which is fatal. */
function unescape(text: string): string | undefined {
  if (/\\(?![\\nrc])/u.test(text.replaceAll("\\\\", ""))) return undefined;
  const all: Readonly<Record<string, string>> = escapes;
  return text.replace(/\\[\\nrc]/gu, (found) => all[found] ?? "");
}
