import type { Attempt, Evidence, PageEvent } from "../../model/observation.ts";

/** What at one end must have happened before something at the other, by what came of it. */
export type Causes = ReadonlyMap<PageEvent | Evidence, readonly (PageEvent | Evidence)[]>;

/** Finds what caused what across the two ends, where the protocol leaves no other way. */
export function causesOf(attempt: Pick<Attempt, "events" | "evidence" | "afterwards">): Causes {
  const { events, evidence } = attempt;
  const causes = new Map<PageEvent | Evidence, (PageEvent | Evidence)[]>();
  const link = (
    effect: PageEvent | Evidence | undefined,
    cause: PageEvent | Evidence | undefined,
  ): void => {
    if (effect === undefined || cause === undefined) return;
    causes.set(effect, [...(causes.get(effect) ?? []), cause]);
  };

  const requests = evidence.filter((entry) => entry.type === "request");
  const credentials = evidence.filter((entry) => entry.type === "message");
  const switched = requests.filter(({ upgrade, status }) => upgrade && status === 101);
  const [opening] = switched;
  // A library may have connected more than once; the page tells of the first socket.
  const second = switched[1];
  const after = opening === undefined ? evidence.length : evidence.indexOf(opening);
  const until = second === undefined ? evidence.length : evidence.indexOf(second);
  const onSocket = evidence.slice(after + 1, until);
  const refused = onSocket.find((entry) => entry.type === "message" && entry.refusal !== null);
  const letIn = evidence.filter((entry) => entry.type !== "close" && entry.user !== null);
  // What the page's code throws because of an answer; 426 is what an address for sockets says.
  const failed = requests.findLast(
    ({ upgrade, status }) => !upgrade && status >= 400 && status !== 426,
  );
  const handshake = requests.findLast(({ upgrade }) => upgrade);

  const opened = events.find(({ type }) => type === "open");
  const messages = events.filter((event) => event.type === "message");
  const answers = messages.filter(({ data }) => isAnswer(data));
  const [greeting] = answers;
  // A challenge, the socket's id: what a server may say before it is told who this is.
  const preliminaries =
    greeting === undefined ? messages.slice(0, 1) : messages.slice(0, messages.indexOf(greeting));

  // What the page saw, because of what a server did.
  link(opened, opening);
  for (const message of preliminaries) link(message, opening);
  for (const [index, answer] of answers.entries()) link(answer, letIn[index]);
  for (const event of events) {
    if (event.type === "error") link(event, handshake ?? failed);
    if (event.type === "exception") link(event, failed);
    if (event.type === "refusal") link(event, refused);
    if (event.type === "close")
      link(event, refused ?? (opened === undefined ? handshake : opening));
  }

  // What a server saw, because of what the page had seen.
  const firstAnswer = onSocket.find(
    (entry) => isExchange(entry) || (entry.type === "message" && entry.presented !== null),
  );
  link(firstAnswer, opened);
  for (const preliminary of preliminaries) link(firstAnswer, preliminary);
  const renews = attempt.afterwards === "renew" || attempt.afterwards === "renew-as-another";
  if (renews) link(credentials[1], greeting);
  link(
    evidence.find((entry) => entry.type === "request" && entry.via === "log-out"),
    greeting,
  );
  return causes;
}

/** What the lab's servers say once they have let somebody in, or have taken a renewal. */
function isAnswer(data: string): boolean {
  return data.startsWith("Hello ") || data === "Renewed.";
}

function isExchange(entry: Evidence): boolean {
  return entry.type === "request" && !entry.upgrade && entry.via === "exchange";
}
