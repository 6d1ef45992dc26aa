/**
 * A data file: a classic script that hands its content to the page, because nothing else can be read
 * from `file://`. Its text is safe in a script element too.
 */
export function dataScript(name: string, content: unknown): string {
  // "</script>" and the line ends that JSON knows and old scripts did not.
  const json = JSON.stringify(content)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `siteData(${JSON.stringify(name)}, ${json});\n`;
}
