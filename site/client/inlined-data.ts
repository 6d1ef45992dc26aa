/** The data that the document carries, by name: JSON, compressed with gzip and written in base64. */
const inlined = new Map<string, string>();

/** Notes what the document carries: once it is whole. */
export function findInlinedData(): void {
  for (const element of document.querySelectorAll<HTMLElement>("script[data-name]")) {
    inlined.set(element.dataset["name"] ?? "", element.textContent);
  }
}

/** Reads data that the document carries. Our own build wrote it, so that its content is what its name says. */
export async function readInlined<Content>(name: string): Promise<Content> {
  const text = inlined.get(name);
  if (text === undefined) throw new Error(`this file does not hold ${name}`);
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await new Response(unpacked).json()) as Content;
}
