/** The browser's own name and message of whatever was thrown. */
export function describeError(error: unknown): { readonly name: string; readonly message: string } {
  // Not `instanceof`: what a frame or worker tells of is no instance of this window's classes.
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error) };
  const name = "name" in error ? String(error.name) : "Error";
  const message = "message" in error ? String(error.message) : "";
  return { name: name.slice(0, 1_000), message: message.slice(0, 1_000) };
}
