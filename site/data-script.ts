/**
 * A data file: a classic script that hands its content to the page, because nothing else can be read
 * from `file://`. Its text is safe in a script element too.
 */
export function dataScript(name: string, content: unknown): string {
  return `siteData(${literal(name)}, ${literal(content)});\n`;
}

/** JSON without "</script>", and without the line ends that JSON knows and old scripts did not. */
function literal(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
