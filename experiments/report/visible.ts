/**
 * Makes hostile text fit to be shown: line breaks and tabs become one space, and control
 * characters and direction marks, which could repaint a terminal or turn a sentence around,
 * become their escape sequence. Markup is not escaped here: that is for each format to do.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")
    .replace(
      /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
}
