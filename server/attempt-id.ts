/**
 * The id of the attempt that a request says it belongs to: the first `attempt` of its target's query, as
 * `URLSearchParams` reads it; null: none. Asked several times for every request, most of which have none.
 */
export function attemptIdIn(target: string): string | null {
  // Nothing else spells it.
  if (!target.includes("attempt") && !target.includes("%")) return null;
  const start = target.indexOf("?");
  if (start === -1) return null;
  const query = target.slice(start + 1);
  if (/[%+#]/u.test(query)) {
    return URL.parse(`http://websocket-origin${target}`)?.searchParams.get("attempt") ?? null;
  }
  const found = /(?:^|&)attempt(?:=(?<id>[^&]*))?(?=&|$)/u.exec(query);
  return found === null ? null : (found.groups?.["id"] ?? "");
}
