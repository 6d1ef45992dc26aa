/** What `npm run experiments` says of itself when it ends. */
export const exitCodes = {
  expected: 0,
  surprises: 1,
  /** Wrong usage, or a failure of the harness. */
  failed: 2,
  noBrowser: 3,
  interrupted: 130,
} as const;
