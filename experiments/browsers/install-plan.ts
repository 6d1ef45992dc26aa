import { readOsRelease } from "./operating-system.ts";

/** What decides how browsers and tools are installed. `osRelease` has the fields of os-release(5). */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly osRelease: Readonly<Record<string, string | undefined>>;
}

/** The system that this process runs on. */
export function thisSystem(): System {
  const { platform } = process;
  return { platform, isRoot: process.getuid?.() === 0, osRelease: readOsRelease() };
}

/** How what is missing can be had from the system. */
export interface PackagePlan {
  /** What to install with apt-get without asking. A package has several names, by release; empty: nothing. */
  readonly aptPackages: readonly (readonly string[])[];
  /** What a person can type instead, or do. */
  readonly advice: string;
}

/** Browsers that Puppeteer can download. */
export const downloadable: readonly string[] = ["chrome", "firefox"];

/** Decides what to do about missing browsers and tools, by id, once Puppeteer's download is out of the question. */
export function planPackages(system: System, missing: readonly string[]): PackagePlan {
  const family = familyOf(system);
  const table = packages[family];
  const packaged = missing.flatMap((id) => table[id] ?? []);
  const unpackaged = missing.filter((id) => table[id] === undefined);
  const commands = [
    ...(packaged.length === 0 ? [] : [command(family, system.isRoot, packaged)]),
    ...unpackaged.map((id) => otherwise[id] ?? `install ${id}`),
  ];
  const isAutomatic = (family === "debian" || family === "ubuntu") && system.isRoot;
  return { aptPackages: isAutomatic ? packaged : [], advice: commands.join(" && ") };
}

type Family = "debian" | "ubuntu" | "fedora" | "arch" | "macos" | "windows" | "unknown";

function familyOf({ platform, osRelease }: System): Family {
  if (platform === "darwin") return "macos";
  if (platform === "win32") return "windows";
  const names = [osRelease["ID"], ...(osRelease["ID_LIKE"] ?? "").split(" ")];
  const families = ["ubuntu", "debian", "fedora", "arch"] as const;
  return families.find((family) => names.includes(family)) ?? "unknown";
}

type Packages = Readonly<Record<string, readonly (readonly string[])[] | undefined>>;

// webkit2gtk-driver was renamed to webkitgtk-webdriver (https://tracker.debian.org/pkg/webkit2gtk).
const webkitForApt = [["webkit2gtk-driver", "webkitgtk-webdriver"], ["xvfb"]] as const;

const toolsForApt = {
  certutil: [["libnss3-tools"]],
  nginx: [["nginx-light", "nginx"]],
} as const;

const packages: Readonly<Record<Family, Packages>> = {
  debian: {
    chrome: [["chromium"]],
    firefox: [["firefox-esr"]],
    webkit: webkitForApt,
    ...toolsForApt,
  },
  // Its packages of Chromium and Firefox are scripts that install snaps, which cannot read our profiles.
  ubuntu: { webkit: webkitForApt, ...toolsForApt },
  fedora: {
    chrome: [["chromium"]],
    firefox: [["firefox"]],
    webkit: [["webkitgtk6.0"], ["xorg-x11-server-Xvfb"]],
    certutil: [["nss-tools"]],
    nginx: [["nginx"]],
  },
  arch: {
    chrome: [["chromium"]],
    firefox: [["firefox"]],
    webkit: [["webkitgtk-6.0"], ["xorg-server-xvfb"]],
    certutil: [["nss"]],
    nginx: [["nginx"]],
  },
  macos: {
    chrome: [["google-chrome"]],
    firefox: [["firefox"]],
    certutil: [["nss"]],
    nginx: [["nginx"]],
  },
  windows: { chrome: [["Google.Chrome"]], firefox: [["Mozilla.Firefox"]] },
  unknown: {},
};

/** For what a system does not package. */
const otherwise: Readonly<Record<string, string | undefined>> = {
  chrome: "npx puppeteer browsers install chrome",
  firefox: "npx puppeteer browsers install firefox",
  webkit: "install WebKitGTK's MiniBrowser, WebKitWebDriver and Xvfb (Linux only)",
  certutil: "install the certutil of NSS, Mozilla's Network Security Services",
};

const installers: Readonly<Record<Family, readonly [command: string, needsRoot: boolean]>> = {
  debian: ["apt-get install -y --no-install-recommends", true],
  ubuntu: ["apt-get install -y --no-install-recommends", true],
  fedora: ["dnf install -y", true],
  arch: ["pacman -S --needed", true],
  macos: ["brew install", false],
  windows: ["winget install", false],
  unknown: ["install", true],
};

function command(family: Family, isRoot: boolean, names: readonly (readonly string[])[]): string {
  const [installer, needsRoot] = installers[family];
  const words = [installer, ...names.map(([name = ""]) => name)].join(" ");
  return needsRoot && !isRoot ? `sudo ${words}` : words;
}
