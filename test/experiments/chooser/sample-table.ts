import type {
  BrowserFacts,
  ChooserCell,
  ChooserTable,
  LeakFact,
} from "../../../experiments/chooser/table.ts";
import type { RiskId, Severity } from "../../../experiments/risks/risk.ts";

/** Where the sample was measured, and what is asked for by default. */
export const here = "same-origin, wss";

/** A cell of a risk, found where it was looked for. */
export function cell(
  risk: RiskId,
  severity: Severity,
  changes: Partial<ChooserCell> = {},
): ChooserCell {
  return {
    risk,
    severity,
    word: `${risk} ${severity}`,
    advice: `Do about ${risk}.`,
    about: null,
    sentence: `It was seen that ${risk} is ${severity}.`,
    where: { variants: [here], of: [here], callers: [] },
    isPlaceless: false,
    shapes: [],
    needsOriginCheck: false,
    evidence: [{ browser: "firefox", scenario: `${risk}-1`, variant: here, attempt: 1 }],
    ...changes,
  };
}

/** A search of one place for a token; `severity` is that of finding it there. */
export function leak(
  place: LeakFact["place"],
  state: LeakFact["state"],
  severity: Severity = "danger",
): LeakFact {
  return {
    place,
    state,
    why: state === "unsearched" ? "there is no proxy" : null,
    excerpt: state === "found" ? '"GET /?token=#1 HTTP/1.1" 101' : null,
    cells: state === "found" ? [cell("leaks", severity, { about: place })] : [],
    evidence: [{ browser: "firefox", scenario: "leaks", variant: here, attempt: 0 }],
  };
}

/** A technique that works, with these cells and nothing else. */
export function facts(changes: Partial<BrowserFacts> = {}): BrowserFacts {
  return {
    variants: [variant("works")],
    leftOut: [],
    pointless: [],
    cells: [],
    leaks: [],
    shapes: [],
    ...changes,
  };
}

/** How a technique does at the place that is asked for. */
export function variant(
  word: BrowserFacts["variants"][number]["word"],
  passed = 7,
): BrowserFacts["variants"][number] {
  return {
    variant: here,
    word,
    passed,
    total: 7,
    reason: word === "works" ? "accepts the good, refuses the bad" : "valid: presented nothing",
    isSupported: true,
    evidence: [{ browser: "firefox", scenario: "valid", variant: here, attempt: null }],
  };
}

/** A table of techniques in one browser, two risks being looked for besides the callers. */
export function tableOf(
  techniques: Readonly<Record<string, BrowserFacts | Readonly<Record<string, BrowserFacts>>>>,
  libraries: Readonly<Record<string, readonly string[]>> = {},
): ChooserTable {
  const rows = Object.entries(techniques).map(([id, given]) => {
    const browsers = isFacts(given) ? { firefox: given } : given;
    return { id, title: `The ${id}`, libraries: libraries[id] ?? [], browsers };
  });
  const ids = new Set(rows.flatMap(({ browsers }) => Object.keys(browsers)));
  return {
    measuredOn: ["2026-10-02"],
    browsers: [...ids].map((id) => ({ id, label: `${id} 1.0` })),
    risks: [
      { id: "hijacking", title: "Hijacking" },
      { id: "leaks", title: "Leaks" },
      { id: "callers", title: "Callers" },
    ],
    techniques: rows,
  };
}

function isFacts(
  given: BrowserFacts | Readonly<Record<string, BrowserFacts>>,
): given is BrowserFacts {
  return Array.isArray(given["cells"]);
}
