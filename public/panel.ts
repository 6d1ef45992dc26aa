import type { TechniqueInfo } from "../model/lab-api.ts";
import { runAttempt } from "./attempt.ts";
import { element } from "./element.ts";
import { requestTask, sendReport } from "./lab.ts";
import { createRunView, stateBadge, type RunView } from "./run-view.ts";
import { describeStage, sentence, stateOf, type State } from "./wording.ts";

/** One technique on the live page. */
export interface Panel {
  readonly element: HTMLElement;
  /** Connects once more, with a fresh token. Does nothing while a connection is under way; never rejects. */
  run(): Promise<void>;
}

/** Makes the panel of a technique, with no run in it yet. */
export function createPanel(technique: TechniqueInfo, user: string): Panel {
  const headingId = `panel-${technique.id}`;
  const badge = element("span");
  const reason = element("p", { class: "reason" });
  const again = element("button", { type: "button" }, "Run again");
  const runs = element("ol", { class: "runs", reversed: "" });
  const verdict = element(
    "div",
    { class: "verdict", role: "status", "aria-atomic": "true" },
    // Several panels speak at once: to somebody who listens, each has to say which it is.
    element("span", { class: "heard-only" }, `${technique.title}: `),
    badge,
    reason,
  );
  const panel = element(
    "section",
    { class: "panel", "aria-labelledby": headingId },
    element(
      "header",
      {},
      element("h2", { id: headingId }, technique.title),
      element("p", { class: "hint" }, describeStage(technique.stage)),
    ),
    verdict,
    runs,
    element(
      "p",
      { class: "actions" },
      again,
      element(
        "a",
        { href: `/techniques/${technique.id}`, "aria-describedby": headingId },
        "How it works, and its source",
      ),
    ),
  );
  again.setAttribute("aria-label", `Run again: ${technique.title}`);
  again.addEventListener("click", () => void run());

  const show = (state: State, why: string): void => {
    panel.dataset["state"] = state;
    // Somebody who listens hears the outcome, not every step towards it.
    verdict.setAttribute("aria-busy", String(state === "waiting"));
    badge.replaceChildren(stateBadge(state));
    reason.textContent = why;
  };

  let latest: RunView | undefined;
  let count = 0;
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    // Not `disabled`, which would take the keyboard's focus away.
    again.setAttribute("aria-disabled", "true");
    latest?.retire();
    count += 1;
    const view = createRunView(count);
    latest = view;
    runs.prepend(view.element);
    show("waiting", "Asking for a token.");
    try {
      const task = await requestTask(technique.id, user);
      if (task.given !== null) view.showGiven(task.given);
      show("waiting", `Presenting ${task.given ?? "nothing"}.`);
      const report = await runAttempt(task, (event) => view.addEvent(event));
      const judged = await sendReport(task.id, report);
      const why = sentence(judged.verdict.reason);
      view.finish(stateOf(judged.verdict), why, judged.attempt.evidence);
      show(stateOf(judged.verdict), why);
    } catch (error) {
      const why = sentence(error instanceof Error ? error.message : String(error));
      view.finish("lab-failed", why, null);
      show("lab-failed", why);
    } finally {
      again.removeAttribute("aria-disabled");
      running = false;
    }
  }

  return { element: panel, run };
}
