import type { AttemptTask, PageReport } from "../model/lab-api.ts";
import type { AttemptEnd, PageEvent } from "../model/observation.ts";
import type { Connect } from "../techniques/connect.ts";

/**
 * Makes one connection, answers the server's greeting, and resolves with all that the page saw
 * once the socket has closed or the deadline has passed. Never rejects. `onEvent` hears of every
 * event as it happens.
 */
export async function runAttempt(
  { technique, endpoint, home, credential, deadlineMs }: AttemptTask,
  onEvent: (event: PageEvent) => void = () => {},
): Promise<PageReport> {
  const events: PageEvent[] = [];
  const startedAt = performance.now();
  const at = (): number => Math.round((performance.now() - startedAt) * 10) / 10;
  let settled = false;
  const record = (event: PageEvent): void => {
    if (settled) return;
    events.push(event);
    onEvent(event);
  };
  const exception = (end: AttemptEnd, error: unknown): PageReport => {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    record({ at: at(), type: "exception", name, message });
    return { end, events };
  };

  let connect: Connect;
  try {
    connect = credential === null ? presentNothing : await browserHalf(technique);
  } catch (error) {
    return exception("harness-error", error);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), deadlineMs);
  });
  let socket: WebSocket | undefined;
  try {
    const opening = connect(
      new URL(endpoint),
      credential ?? { user: "", token: "" },
      new URL(home),
    );
    const opened = await Promise.race([opening, deadline]);
    if (opened === "timeout") {
      // Whatever still opens belongs to nobody.
      void Promise.resolve(opening).then((late) => late.close());
      return { end: "timeout", events };
    }
    socket = opened;
    const end = await Promise.race([conversation(socket, at, record), deadline]);
    return { end, events };
  } catch (error) {
    return exception("threw", error);
  } finally {
    settled = true;
    clearTimeout(timer);
    socket?.close();
  }
}

const presentNothing: Connect = (endpoint) => new WebSocket(endpoint);

async function browserHalf(technique: string): Promise<Connect> {
  const half: { connect: Connect } = await import(`/techniques/${technique}/browser.ts`);
  return half.connect;
}

function conversation(
  socket: WebSocket,
  at: () => number,
  record: (event: PageEvent) => void,
): Promise<"completed"> {
  socket.addEventListener("open", () => {
    record({ at: at(), type: "open", protocol: socket.protocol });
  });
  socket.addEventListener("message", ({ data }) => {
    const text = typeof data === "string" ? data : "(binary)";
    record({ at: at(), type: "message", data: text });
    const greeted = /^Hello (?<user>.*)!$/su.exec(text)?.groups?.["user"];
    if (greeted !== undefined) socket.send(`Goodbye ${greeted}.`);
  });
  socket.addEventListener("error", () => record({ at: at(), type: "error" }));
  return new Promise((resolve) => {
    socket.addEventListener("close", ({ code, reason, wasClean }) => {
      record({ at: at(), type: "close", code, reason, wasClean });
      resolve("completed");
    });
  });
}
