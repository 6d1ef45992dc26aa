import { testAuthority } from "./authority.ts";
import type { LabConfig } from "../server/config.ts";
import { defaultConfig } from "../server/config.ts";
import { startLab, type Lab, type LabParts } from "../server/lab.ts";
import { verdict } from "../experiments/verdict.ts";
import { createLabSite } from "../site/lab-site.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";

/** Starts a lab on free ports, with short deadlines where a test would only wait. */
export function startTestLab(
  settings: Partial<Omit<LabConfig, "origin">> & { origin?: Partial<LabConfig["origin"]> } = {},
  parts: Partial<LabParts> = {},
): Promise<Lab> {
  return startLab({
    config: {
      ...defaultConfig,
      port: 0,
      certificates: testAuthority,
      ...settings,
      origin: { ...defaultConfig.origin, firstMessageDeadlineMs: 100, ...settings.origin },
    },
    techniques,
    techniquesDirectory,
    laboratory: {
      plan: () => [],
      judge: verdict,
      visitRun: ({ id }) => ({ id }),
      visitTrial: () => [0],
      dataScript: () => "",
      visitFile: () => ({ problem: "no file" }),
      saveVisit: async () => ({ problem: "no file" }),
    },
    ...parts,
  });
}

/** Starts a lab for real browsers, which may be slow: its deadlines are the product's own. It has its pages. */
export function startBrowserLab(
  settings: Parameters<typeof startTestLab>[0] = {},
  parts: Partial<LabParts> = {},
): Promise<Lab> {
  const { firstMessageDeadlineMs } = defaultConfig.origin;
  const origin = { firstMessageDeadlineMs, ...settings.origin };
  return startTestLab({ ...settings, origin }, { site: createLabSite(), ...parts });
}

/** Starts a lab with one technique only, which takes a tenth of the time. */
export function startLabOf(
  technique: string,
  settings?: Parameters<typeof startTestLab>[0],
  parts: Partial<LabParts> = {},
): Promise<Lab> {
  const own = techniques.filter(({ id }) => id === technique);
  return startTestLab(settings, { techniques: own, ...parts });
}
