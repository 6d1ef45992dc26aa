import { createHash } from "node:crypto";

/** A trial's page, which is one document: nothing has to be fetched before it can begin. */
export interface TrialPage {
  readonly text: string;
  /** What its policy has to allow besides the lab's own files: `'sha256-…'` of the script in it. */
  readonly scriptSource: string;
}

/** Makes the page around its script. `isWatched`: somebody looks at it, so it is styled, and shows how far it is. */
export function trialPage(script: string, isWatched: boolean): TrialPage {
  const looks = isWatched
    ? `<link rel="icon" href="/assets/favicon.svg" />
    <link rel="stylesheet" href="/assets/style.css" />`
    : `<link rel="icon" href="data:," />`;
  const text = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>A trial · WebSocket Auth Lab</title>
    ${looks}
    <script type="module">${script}</script>
  </head>
  <body>
    <main class="walk"${isWatched ? "" : " hidden"}>
      <h1>Measuring this browser</h1>
      <p id="trial" role="status">Starting…</p>
      <progress id="progress" aria-label="Trials done" value="0" max="1"></progress>
      <p id="failure" hidden></p>
    </main>
  </body>
</html>
`;
  const digest = createHash("sha256").update(script).digest("base64");
  return { text, scriptSource: `'sha256-${digest}'` };
}
