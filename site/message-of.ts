/** What was thrown, as a text to show. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
