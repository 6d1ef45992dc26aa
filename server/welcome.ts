import { renderUnicodeCompact } from "uqr";
import type { Lab } from "./lab.ts";

/** What whoever lets other devices in is told in the terminal: where they open the lab, and what that means. */
export function welcomeOthers(
  { addressesForOthers }: Pick<Lab, "addressesForOthers">,
  names: string | null,
): string {
  const addresses = addressesForOthers();
  if (addresses.length === 0) return "No other device reaches this lab.";
  const codes = addresses.map(
    ({ href }) => `${href}\n\n${renderUnicodeCompact(href, { border: 2 })}\n`,
  );
  return ["Other devices in your network open the lab at:", "", ...codes, ...warnings(names)].join(
    "\n",
  );
}

function warnings(names: string | null): string[] {
  const dns =
    names === null
      ? "All trials of a visitor share this host: those that need one of their own are left out."
      : `Each trial of a visitor has a host of its own below ${names}, a public DNS service that learns this machine's address; --names none asks nobody, and leaves out the trials that need this.`;
  return [
    "What that means:",
    "- Everybody in the same network can open the lab, and sees all visits.",
    "- It speaks plain HTTP: whoever is in between can read and change it, tokens included. They are made for a trial, and protect nothing but the lab.",
    "- It answers to its own host names and addresses only, so that no other web site can read it through a visitor's browser.",
    `- ${dns}`,
    "- A firewall may have to let the ports above in. Do not open them to the internet.",
  ];
}
