import { parseSetCookie, stringifySetCookie } from "cookie";

/** What a `Set-Cookie` header says of its cookie besides name and value: "Path=/; HttpOnly; SameSite=Lax". */
export function cookieAttributes(header: string): string {
  const text = stringifySetCookie({ ...parseSetCookie(header), name: "name", value: "" });
  return text.replace(/^[^;]*;? ?/u, "");
}
