import type { JudgedAttempt, TechniqueInfo } from "../../model/lab-api.ts";
import type { Serial } from "../../model/observation.ts";
import type * as labCode from "../../public/lab.ts";
import type * as taskCode from "../../public/run-task.ts";
import type { SiteTechnique } from "../data.ts";
import { queryText } from "../links.ts";
import { messageOf } from "../message-of.ts";
import { tryText as text } from "../text/try.ts";
import { matchOf } from "../try-matches.ts";
import { connectionsOf, parseTryQuery, type Presented, tryQuery } from "../try-query.ts";
import { sourceCode } from "../views/source-code.ts";
import { failedRunView, tryRunView } from "../views/try-run.ts";
import { renderTry, techniqueNote } from "../views/try.ts";
import { keepAddress } from "./keep-address.ts";
import type { StartPage } from "./page.ts";

/** A connection that was made, as far as another one can refer to it. */
interface Made {
  readonly id: string;
  readonly technique: SiteTechnique;
  readonly presented: Presented;
  readonly user: string;
  readonly given: Serial | null;
}

/** Lets a learner choose, connects with the lab's own code, and keeps what came of it on the page. */
export const startTry: StartPage = (page) => {
  const { main, data } = page;
  main.innerHTML = String(renderTry(page, new URLSearchParams(location.search)));
  const form = main.querySelector<HTMLFormElement>("[data-form]");
  const runs = main.querySelector<HTMLElement>("[data-runs]");
  if (form === null || runs === null) return;
  const part = (name: string): HTMLElement | null => main.querySelector(`[data-${name}]`);
  const button = part("run");
  /** What the lab says for this page's scheme; undefined: nothing yet. */
  let techniques: readonly TechniqueInfo[] | undefined;
  const made = new Map<number, Made>();
  let count = 0;
  let isBusy = false;

  const say = (sentence: string): void => {
    const status = part("status");
    if (status !== null) status.textContent = sentence;
  };
  const choice = (): ReturnType<typeof parseTryQuery> => parseTryQuery(formQuery(form), data);
  /** The address says what was chosen, so that it can be shared. It never runs anything by itself. */
  const keepChoice = (): boolean => keepAddress(queryText(tryQuery(choice())));
  const leftOutOf = (technique: SiteTechnique): string | null => {
    const known = techniques?.find(({ id }) => id === technique.id);
    return known === undefined ? technique.leftOut : known.leftOut;
  };

  function givenIn(): ReadonlyMap<Serial, number> {
    // The oldest wins: a token that was presented again is the first run's.
    return new Map(
      [...made]
        .toReversed()
        .flatMap(([number, { given }]) => (given === null ? [] : [[given, number] as const])),
    );
  }

  function showTechnique(): void {
    const { technique } = choice();
    if (technique === undefined) return;
    const leftOut = leftOutOf(technique);
    const note = part("technique");
    if (note !== null) note.innerHTML = String(techniqueNote(page, technique, leftOut));
    if (button !== null) button.hidden = leftOut !== null || !page.isLab;
  }

  /** What the site knows is about http pages only. */
  async function askLab(): Promise<void> {
    if (!page.isLab) return;
    try {
      techniques = await (await labModule()).listTechniques();
      showTechnique();
    } catch (error) {
      say(text.runs.failed(messageOf(error)));
    }
  }

  let shownCode: string | undefined;
  async function showCode(): Promise<void> {
    const { technique } = choice();
    const place = part("code");
    if (technique === undefined || place === null || shownCode === technique.id) return;
    shownCode = technique.id;
    try {
      const sources = await page.loadSources(technique.id);
      // No program ran here.
      const files = sources.files.filter(({ role }) => role !== "program");
      if (shownCode === technique.id) place.innerHTML = String(sourceCode({ ...sources, files }));
    } catch (error) {
      if (shownCode === technique.id) place.textContent = text.codeFailed(messageOf(error));
    }
  }

  async function connect(
    { technique, presented, user }: Pick<Made, "technique" | "presented" | "user">,
    first: string | undefined,
  ): Promise<string | undefined> {
    count += 1;
    const number = count;
    const item = document.createElement("li");
    for (const older of runs?.querySelectorAll<HTMLDetailsElement>(":scope > li > details") ?? []) {
      older.open = false;
    }
    try {
      say(text.status.asking);
      const [lab, { runTask }] = await Promise.all([labModule(), taskModule()]);
      const task = await lab.requestTask(technique.id, user, wishOf(presented, first));
      say(text.status.connecting(task.given));
      const report = await runTask(
        task,
        () => {},
        () => {},
      );
      const judged: JudgedAttempt = await lab.sendReport(task.id, report);
      const before = [...made.values()]
        .filter((one) => one.technique.id === technique.id)
        .map((one) => one.presented);
      made.set(number, { id: task.id, technique, presented, user, given: task.given });
      const { verdict } = judged;
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      const tried = { technique: technique.id, presented, before, scheme, verdict } as const;
      const match = matchOf(tried, data);
      const run = { number, technique, presented, user, judged, match, givenIn: givenIn() };
      item.innerHTML = String(tryRunView(page, run));
      say(text.status.done(number, text.outcomes[verdict.outcome].toLowerCase()));
      return task.id;
    } catch (error) {
      const reason = messageOf(error);
      item.innerHTML = String(failedRunView({ number, technique, presented }, reason));
      say(text.runs.failed(reason));
      return undefined;
    } finally {
      runs?.prepend(item);
      const { top } = item.getBoundingClientRect();
      if (top < 0 || top > innerHeight / 2) item.scrollIntoView();
    }
  }

  /** Does nothing while a connection is under way. */
  async function exclusively(work: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    const buttons = [button, ...main.querySelectorAll<HTMLElement>("[data-again]")];
    // Not `disabled`, which would take the keyboard's focus away.
    for (const one of buttons) one?.setAttribute("aria-disabled", "true");
    if (button !== null) button.textContent = text.form.running;
    await work();
    for (const one of buttons) one?.removeAttribute("aria-disabled");
    if (button !== null) button.textContent = text.form.run;
    isBusy = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { technique, input, user } = choice();
    if (technique === undefined || leftOutOf(technique) !== null || !page.isLab) return;
    keepChoice();
    void exclusively(async () => {
      let first: string | undefined;
      for (const presented of connectionsOf[input]) {
        first = await connect({ technique, presented, user }, first);
        if (first === undefined) return;
      }
    });
  });
  form.addEventListener("input", () => {
    keepChoice();
    showTechnique();
    void showCode();
  });
  runs.addEventListener("click", ({ target }) => {
    const pressed = target instanceof Element ? target.closest<HTMLElement>("[data-again]") : null;
    const before = made.get(Number(pressed?.dataset["number"]));
    if (pressed === null || before === undefined) return;
    const presented = pressed.dataset["again"] === "again" ? "again" : "good";
    const { id, technique, user } = before;
    void exclusively(async () => {
      await connect({ technique, presented, user }, presented === "again" ? id : undefined);
    });
  });

  showTechnique();
  void showCode();
  void askLab();
};

function wishOf(presented: Presented, first: string | undefined): labCode.LiveWish {
  switch (presented) {
    case "good":
      return { present: "fresh" };
    case "single-use":
      return { present: "fresh", singleUse: true };
    case "missing":
      return { present: "none" };
    case "forged":
    case "expired":
      return { present: presented };
    case "again":
      return first === undefined ? { present: "again" } : { present: "again", first };
  }
}

function formQuery(form: HTMLFormElement): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") query.set(name, value);
  }
  return query;
}

/** The lab's own code, as it serves it: what runs is what learners read. */
function labModule(): Promise<typeof labCode> {
  return import("/assets/lab.ts");
}

function taskModule(): Promise<typeof taskCode> {
  return import("/assets/run-task.ts");
}
