import { readFileSync } from "node:fs";
import { arch, release, type, version } from "node:os";
import { parseEnv } from "node:util";

/** The fields of os-release(5), or none where there is no such file. */
export function readOsRelease(): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return {};
  }
}

/** This machine's operating system, for people: "Debian GNU/Linux 12 (bookworm), x64". */
export function nameOperatingSystem(): string {
  return `${systemName()}, ${arch()}`;
}

function systemName(): string {
  if (process.platform === "darwin") return `macOS (Darwin ${release()})`;
  if (process.platform === "win32") return version();
  return readOsRelease()["PRETTY_NAME"] ?? `${type()} ${release()}`;
}
