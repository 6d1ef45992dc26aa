import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import type { SourceFile } from "./data.ts";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("xml", xml);

/** The lines of a source file as HTML that names its parts by highlight.js's classes. */
export function highlight(name: string, source: string): SourceFile["lines"] {
  const language = name.endsWith(".html") ? "xml" : "typescript";
  const whole = hljs.highlight(source.trimEnd(), { language }).value;
  const plain = source.trimEnd().split("\n");
  return linesOf(whole).map((line, index) => {
    return { html: line, isMarked: handlesCredential(plain[index] ?? "") };
  });
}

/** Whether a line of code opens the socket, or names what is handed over: the lines to look at first. */
function handlesCredential(line: string): boolean {
  if (/^\s*(?:\/\/|\/?\*|import\b|export (?:type|interface)\b|<!--)/u.test(line)) return false;
  return /\b(?:token|tokens|credential|credentials|secret|ticket|signature|passcode|password|connectionParams)\b|new WebSocket(?:Stream)?\(|\b(?:judge|admit|readCredential)\(/u.test(
    line,
  );
}

/** Every line with its own spans: one that goes over several lines is closed and opened again. */
function linesOf(markup: string): string[] {
  const open: string[] = [];
  return markup.split("\n").map((line) => {
    const before = open.join("");
    for (const [tag] of line.matchAll(/<span [^>]*>|<\/span>/gu)) {
      if (tag === "</span>") open.pop();
      else open.push(tag);
    }
    return `${before}${line}${"</span>".repeat(open.length)}`;
  });
}
