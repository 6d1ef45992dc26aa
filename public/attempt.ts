import type { AttemptTask, PageReport } from "../model/lab-api.ts";
import type { AttemptEnd, PageEvent } from "../model/observation.ts";
import type {
  Channel,
  ChannelSocket,
  Connect,
  ConnectWithout,
  LogOut,
  Renew,
  WantClick,
} from "../techniques/connect.ts";
import { describeError } from "./describe-error.ts";

/** Loads a technique's half. */
export type ImportHalf = (technique: string) => Promise<BrowserHalf>;

/** What is particular to where an attempt is made. `onSocket` is given the socket, once there is one. */
export interface AttemptSurroundings {
  readonly importHalf?: ImportHalf;
  readonly onSocket?: (socket: ChannelSocket) => void;
}

/**
 * Makes one connection, answers the server's greeting, and resolves with all that the page saw
 * once the socket has closed or the deadline has passed. Never rejects. `onEvent` hears of every
 * event as it happens, `onWantClick` of elements that nothing goes on without a click on.
 */
export async function runAttempt(
  task: AttemptTask,
  onEvent: (event: PageEvent) => void = () => {},
  onWantClick: WantClick = () => {},
  { importHalf = browserHalf, onSocket = () => {} }: AttemptSurroundings = {},
): Promise<PageReport> {
  const { technique, endpoint, home, credential, deadlineMs } = task;
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
    record({ at: at(), type: "exception", ...describeError(error) });
    return { end, events };
  };

  let half: BrowserHalf;
  try {
    half = await importHalf(technique);
  } catch (error) {
    return exception("harness-error", error);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), deadlineMs);
  });
  let channel: Channel | undefined;
  try {
    const { connect, connectWithout = bareSocket } = half;
    const [to, from] = [new URL(endpoint), new URL(home)];
    const opening =
      credential === null ? connectWithout(to, from) : connect(to, credential, from, onWantClick);
    const opened = await Promise.race([opening, deadline]);
    if (opened === "timeout") {
      // Whatever still opens belongs to nobody.
      void Promise.resolve(opening).then((late) => asChannel(late).socket.close());
      return { end: "timeout", events };
    }
    channel = asChannel(opened);
    onSocket(channel.socket);
    const goOn = afterGreeting(task, half, opened);
    const end = await Promise.race([conversation(channel, goOn, at, record), deadline]);
    return { end, events };
  } catch (error) {
    return exception("threw", error);
  } finally {
    settled = true;
    clearTimeout(timer);
    channel?.socket.close();
  }
}

/** What a technique brings to a page: its `browser.ts`. */
export interface BrowserHalf {
  readonly connect: Connect;
  readonly connectWithout?: ConnectWithout;
  readonly renew?: Renew;
  readonly logOut?: LogOut;
}

const bareSocket: ConnectWithout = (endpoint) => new WebSocket(endpoint);

async function browserHalf(technique: string): Promise<BrowserHalf> {
  return await import(`/techniques/${technique}/browser.ts`);
}

/** A bare socket speaks plain text messages. */
function asChannel(opened: WebSocket | Channel): Channel {
  if (!(opened instanceof WebSocket)) return opened;
  return {
    socket: opened,
    listen({ message }) {
      opened.addEventListener("message", ({ data }) => {
        message(typeof data === "string" ? data : "(binary)");
      });
    },
    send: (text) => opened.send(text),
  };
}

/** What the page does when it was greeted. */
function afterGreeting(
  { afterwards, endpoint, home, renewal }: AttemptTask,
  { renew, logOut }: BrowserHalf,
  opened: WebSocket | Channel,
): "goodbye" | (() => void | Promise<void>) {
  switch (afterwards) {
    case "goodbye":
      return "goodbye";
    case "stay":
    case "be-revoked":
    case "hold":
      return () => {};
    case "log-out":
      if (logOut === undefined) throw new Error("this technique cannot log out");
      return () => logOut(new URL(endpoint), new URL(home));
    case "renew":
    case "renew-as-another":
      if (renew === undefined || renewal === null || !(opened instanceof WebSocket)) {
        throw new Error("this technique cannot renew");
      }
      return () => renew(opened, renewal);
  }
}

function conversation(
  channel: Channel,
  goOn: "goodbye" | (() => void | Promise<void>),
  at: () => number,
  record: (event: PageEvent) => void,
): Promise<"completed"> {
  const { socket } = channel;
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  let gone: void | Promise<void>;
  let user = "";
  socket.addEventListener("open", () => {
    record({ at: at(), type: "open", protocol: socket.protocol });
  });
  channel.listen({
    message(text) {
      record({ at: at(), type: "message", data: text });
      const greeted = /^Hello (?<user>.*)!$/su.exec(text)?.groups?.["user"];
      if (greeted !== undefined) {
        user = greeted;
        if (goOn !== "goodbye") {
          gone = goOn();
          gone?.catch(fail);
          return;
        }
      }
      if (greeted !== undefined || text === "Renewed.") channel.send(`Goodbye ${user}.`);
    },
    refusal: (code, reason) => record({ at: at(), type: "refusal", code, reason }),
  });
  socket.addEventListener("error", () => record({ at: at(), type: "error" }));
  socket.addEventListener("close", ({ code, reason, wasClean }) => {
    record({ at: at(), type: "close", code, reason, wasClean });
    close();
  });
  // The socket may close before the answer has come to what closed it.
  const ended = closed.then(() => gone).then(() => "completed" as const);
  return Promise.race([ended, failed]);
}
