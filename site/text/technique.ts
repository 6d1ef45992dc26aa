/** What a technique's page says around its README. */
export const techniqueText = {
  stage: {
    handshake: "Judged during the handshake",
    "first-message": "Judged by the first message",
  },
  foundIn: (via: string): string => `Found in: ${via}`,
  tryIt: "Try it in this browser",
  inMatrix: "Which browsers it works in",
  unknown: "This version of the lab does not have this technique any more.",
  table: (number: number): string => `Table ${number}`,
} as const;
