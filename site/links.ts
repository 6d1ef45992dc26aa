/** The pages of the site, by the name of their file. */
export type PageName =
  | "index"
  | "evidence"
  | "try"
  | "learn"
  | "answers"
  | "choose"
  | "risks"
  | "join";

/** Parameters of a page's address; undefined and empty ones are left away. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * Addresses of pages, relative to one of them, so that the site works below any path and from
 * `file://`. `root` leads from the page to the site's root: "" or "../".
 */
export interface Links {
  readonly root: string;
  page(name: PageName, query?: Query, fragment?: string): string;
  technique(id: string): string;
}

/** Makes the addresses for a page in the root, or in a folder below it. */
export function linksFrom(root: "" | "../"): Links {
  return {
    root,
    page: (name, query = {}, fragment = "") =>
      `${root}${name}.html${queryText(query)}${fragment === "" ? "" : `#${fragment}`}`,
    technique: (id) => `${root}techniques/${encodeURIComponent(id)}.html`,
  };
}

/**
 * Makes the addresses of a site that is one document: `?page=evidence&run=…`. It has no pages of
 * techniques; the matrix shows how one fared.
 */
export function linksWithin(): Links {
  return {
    root: "",
    page: pageWithin,
    technique: (id) => pageWithin("index", { technique: id }),
  };
}

function pageWithin(name: PageName, query: Query = {}, fragment = ""): string {
  const text = queryText({ page: name === "index" ? undefined : name, ...query });
  // An empty address keeps the query of the page that it is on.
  return `${text === "" ? "?" : text}${fragment === "" ? "" : `#${fragment}`}`;
}

/** "?browser=chrome,firefox&scheme=wss", readable: commas stay as they are. */
export function queryText(query: Query): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    return text === "" ? [] : [`${name}=${encodeURIComponent(text).replaceAll("%2C", ",")}`];
  });
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
