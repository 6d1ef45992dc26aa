import type { FeatureFinding } from "../model/features.ts";

/** A feature, and how to find out by its behaviour whether this browser has it. */
interface Feature {
  readonly id: string;
  readonly ask: () => FeatureFinding | Promise<FeatureFinding>;
}

type Arguments = (options: object) => readonly unknown[];

const asSecond: Arguments = (options) => ["ws://", options];
const toHttps: Arguments = (options) => ["https://", options];
const asThird: Arguments = (options) => ["ws://", [], options];

/** What might replace the ways of authenticating a WebSocket, in display order. No connection is made. */
const features: readonly Feature[] = [
  { id: "websocket-third-argument", ask: () => anyMember("WebSocket", asThird) },
  { id: "websocket-options", ask: () => member("protocols", "WebSocket", asSecond) },
  { id: "websocket-options-headers", ask: () => member("headers", "WebSocket", asSecond) },
  { id: "websocket-stream", ask: () => classFinding("WebSocketStream") },
  { id: "websocket-stream-headers", ask: () => member("headers", "WebSocketStream", asSecond) },
  { id: "webtransport", ask: () => classFinding("WebTransport") },
  { id: "webtransport-headers", ask: () => member("headers", "WebTransport", toHttps) },
  { id: "web-crypto", ask: signature },
  { id: "storage-access", ask: storageAccess },
];

/** Asks for all features. One that throws or takes longer than `patienceMs` is left out: nothing is known of it. */
export async function askFeatures(patienceMs: number): Promise<Record<string, FeatureFinding>> {
  const late = new Promise<never>((_resolve, reject) => {
    AbortSignal.timeout(patienceMs).addEventListener("abort", () => reject(new Error("too late")));
  });
  const asked = features.map(
    async ({ id, ask }) => [id, await Promise.race([ask(), late])] as const,
  );
  const settled = await Promise.allSettled(asked);
  return Object.fromEntries(
    settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
  );
}

/** Whether a constructor reads this member of an options object. */
function member(name: string, constructor: string, argumentsWith: Arguments): FeatureFinding {
  const members = membersRead(constructor, argumentsWith);
  return { supported: members?.has(name) ?? false, detail: readText(constructor, members) };
}

/** Whether a constructor reads an options object at all. */
function anyMember(constructor: string, argumentsWith: Arguments): FeatureFinding {
  const members = membersRead(constructor, argumentsWith);
  return { supported: (members?.size ?? 0) > 0, detail: readText(constructor, members) };
}

function readText(constructor: string, members: ReadonlySet<string> | null): string {
  if (members === null) return existence(constructor, false);
  if (members.size === 0) return "reads no option";
  return `reads ${[...members].toSorted().join(", ")}`.slice(0, 200);
}

/**
 * The members that a constructor reads of an options object, or null when there is no such class.
 * Arguments are converted before the address is looked at (https://webidl.spec.whatwg.org/#create-an-interface-object),
 * and this address is none: the constructor throws, and connects to nothing.
 */
function membersRead(name: string, argumentsWith: Arguments): ReadonlySet<string> | null {
  const constructor = classNamed(name);
  if (constructor === null) return null;
  const members = new Set<string>();
  const options = new Proxy(
    {},
    {
      get(_target, key) {
        if (typeof key === "string" && !readOfStrings.has(key)) members.add(key);
      },
    },
  );
  try {
    Reflect.construct(constructor, argumentsWith(options));
  } catch {
    return members;
  }
  throw new Error(`${name} takes an address that is none`);
}

/** What is read of an object that is made a string, as `WebSocket` makes one of a subprotocol. */
const readOfStrings: ReadonlySet<string> = new Set(["toString", "valueOf"]);

function classFinding(name: string): FeatureFinding {
  const supported = classNamed(name) !== null;
  return { supported, detail: existence(name, supported) };
}

function classNamed(name: string): Function | null {
  const value: unknown = Reflect.get(globalThis, name);
  return typeof value === "function" ? value : null;
}

/** Some APIs are in secure contexts only, and browsers may differ in what they take for one. */
function existence(name: string, exists: boolean): string {
  const context = isSecureContext ? "a secure context" : "a context that is not secure";
  return `there is ${exists ? "a" : "no"} ${name} in ${context}`;
}

/** Signs with a key that no script can take away, as a proof of possession does. */
async function signature(): Promise<FeatureFinding> {
  const subtle: unknown = Reflect.get(crypto, "subtle");
  if (!(subtle instanceof Object)) {
    return { supported: false, detail: existence("crypto.subtle", false) };
  }
  try {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const { privateKey } = await crypto.subtle.generateKey(algorithm, false, ["sign"]);
    const { byteLength } = await crypto.subtle.sign(algorithm, privateKey, new Uint8Array(1));
    return { supported: true, detail: `signs ${byteLength} bytes with a P-256 key` };
  } catch (error) {
    return { supported: false, detail: String(error).slice(0, 200) };
  }
}

/** Asks for the method only: a call would need a click, or change what cookies are sent. */
function storageAccess(): FeatureFinding {
  const supported = "requestStorageAccess" in document;
  return { supported, detail: existence("document.requestStorageAccess", supported) };
}
