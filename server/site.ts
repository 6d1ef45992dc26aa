/** A file of the site, whole. */
export interface SiteFile {
  /** Its media type, with the character set. */
  readonly type: string;
  readonly body: string;
}

/** The pages that people browse to, which the lab serves and does not know. */
export interface Site extends AsyncDisposable {
  /** `path` is relative: "index.html", "data/site.js". Null when the site has no such file. */
  file(path: string): Promise<SiteFile | null>;
}
