/** The code that Node gave a failure of the system, such as `ENOENT`; undefined when it has none. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
