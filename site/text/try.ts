import type { Presented as Serial } from "../../model/observation.ts";
import type { Scheme } from "../../model/trial.ts";

/** Every word of the page on which techniques are tried. */
export const tryText = {
  title: "Try it in this browser",
  lead: "Choose how the token travels and what it is like, and see what this browser makes of it: what it sent, what the server made of that, and the code of both.",
  form: {
    technique: "Technique",
    input: "What is presented",
    user: "User name",
    userHint: "No password: tokens are issued for any name.",
    run: "Run",
    running: "Running…",
  },
  stages: {
    handshake: "Judged during the handshake",
    "first-message": "Judged by the first message",
  },
  foundIn: (via: string): string => `found in: ${via}`,
  about: "How it works",
  leftOut: (reason: string): string => `This one cannot be tried from this page: ${reason}.`,
  inputs: {
    good: { name: "A good token", hint: "should be accepted" },
    missing: { name: "No token", hint: "should be refused" },
    forged: { name: "A forged token", hint: "never issued; should be refused" },
    expired: { name: "An expired token", hint: "its time is over; should be refused" },
    again: { name: "The same token twice", hint: "two connections; both should be accepted" },
    "single-use": {
      name: "A single-use token twice",
      hint: "two connections; the second should be refused",
    },
  },
  presented: {
    good: "a good token",
    missing: "no token",
    forged: "a forged token",
    expired: "an expired token",
    again: "the same token again",
    "single-use": "a single-use token",
  },
  serials:
    "A token goes by its serial here, #1, #2, …; its secret stays between this page and the server.",
  runs: {
    heading: "What happened",
    none: "Nothing yet: press Run.",
    name: (number: number): string => `Run ${number}`,
    wanted: "What you’d want:",
    happened: "What happened:",
    again: {
      fresh: "Run again with a fresh token",
      same: "Again with the same token",
    },
    failed: (reason: string): string => `The lab failed: ${reason}`,
    tokenOf: (serial: string, number: number): string =>
      `${serial} is the token of run ${number}: this browser presented it again, by itself.`,
    kept: (serial: string): string =>
      `${serial} was handed out before this page was opened, or to another page: this browser has kept it, and presented it by itself.`,
  },
  expected: { accepted: "accepted", refused: "refused", any: "either" },
  happened: {
    letIn: (user: string): string => `accepted, as ${user}`,
    letInAnyway: "accepted",
    with: (serial: Serial): string => `, with ${serial === "unrecognised" ? "some token" : serial}`,
    given: (given: string): string => ` (this page was given ${given})`,
    notOpen: ", yet this page’s socket did not open",
    refused: (reason: string): string => `refused, “${reason}”`,
    threw: (message: string): string => `no connection, this page’s code stopped with “${message}”`,
    nothing: "nothing reached the server",
    unjudged: "neither accepted nor refused",
    timeout: "it did not end in time",
  },
  outcomes: {
    pass: "As it should be",
    fail: "Not as it should be",
    timeout: "Nothing known: it did not end in time",
    crash: "Nothing known: something stopped",
    "harness-error": "Nothing known: our own code failed",
    unsupported: "Could not be tried here",
  },
  status: {
    asking: "Asking the lab for a token.",
    connecting: (given: string | null): string =>
      given === null ? "Connecting without a token." : `Connecting with ${given}.`,
    done: (number: number, outcome: string): string => `Run ${number}: ${outcome}.`,
  },
  published: {
    heading: "What other browsers did",
    caption: (question: string, scheme: Scheme): string =>
      `${question} Published results, server on the same host, ${scheme}.`,
    attempt: (number: number, count: number): string =>
      `The trial makes ${count} connections in a row; this is about connection ${number}.`,
    unstable: "it was tried more than once, and did not always do the same",
    decidedBefore:
      "an earlier connection of the trial had failed already: its evidence shows this one",
    browser: "Browser",
    outcome: "Outcome",
    alike: "as here",
    different: "not as here",
    evidence: "Evidence",
    evidenceOf: (name: string): string => `Evidence of ${name}`,
    none: "There are no published results of this.",
    noScenario:
      "No published trial is like this: none presents a good token twice, which proves nothing about the browser, or goes on after that.",
    leftOut: (reason: string): string => `It was left out of the published trials: ${reason}.`,
  },
  code: "The code that ran",
  codeFailed: (reason: string): string => `The code cannot be shown: ${reason}`,
  noLab: "There is no lab behind this page to connect to. Start one: npm ci && npm start",
} as const;
