/** Whether a text holds every word that is looked for, as a part of a longer one too, whatever its case. */
export function matching(text: string, find: string): boolean {
  const words = find.toLowerCase().split(/\s+/u).filter(Boolean);
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}
