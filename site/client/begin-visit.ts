import type { BegunVisit } from "../../model/lab-api.ts";

/** Beside the matrix, which is watched while it fills. Without an opener: see views/compare.ts. */
const features = "popup,noopener,width=560,height=420";

/**
 * Has this browser measured, in a small window of its own: where there are no such windows, in a tab.
 * Nothing tells whether it was blocked, so that whoever calls has to offer `entrance` as a link too.
 * Rejects with a sentence when the lab does not answer, or says no.
 */
export async function beginVisit(form: HTMLFormElement): Promise<BegunVisit> {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
  });
  if (!response.ok) throw new Error(await response.text());
  const begun: BegunVisit = await response.json();
  open(begun.entrance, "_blank", features);
  return begun;
}
