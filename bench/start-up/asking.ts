import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { firstPage } from "../../site/lab-site.ts";
import type { SentFile } from "./measured.ts";

/** An answer, whole. */
export interface Answer {
  readonly body: Buffer;
  readonly encoding: string;
  /** Of all that came over its connection, which was for it alone. */
  readonly sentBytes: number;
}

/** Paths of the first page's files, the document first, as browsers ask for them. */
export const firstPagePaths: readonly string[] = firstPage.map((path) =>
  path === "index.html" ? "" : path,
);

/** Asks as a browser does that takes compressed answers. Rejects unless the answer is 200. */
export async function ask(url: URL): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = { "accept-encoding": "gzip, deflate, br, zstd" };
  const asked = request(url, { agent: false, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      if (response.statusCode !== 200) {
        return reject(new Error(`${url.href} was answered with ${response.statusCode}`));
      }
      const { socket, headers: answered } = response;
      const encoding = answered["content-encoding"] ?? "none";
      return resolve({ body: Buffer.concat(chunks), encoding, sentBytes: socket.bytesRead });
    });
  });
  asked.on("error", reject);
  asked.end();
  return await promise;
}

/** The files of the first page as a lab sends them. */
export async function sentFiles(lab: URL): Promise<SentFile[]> {
  return await Promise.all(
    firstPagePaths.map(async (path): Promise<SentFile> => {
      const { body, encoding, sentBytes } = await ask(new URL(path, lab));
      const gzippedBytes = encoding === "none" ? gzipSync(body).byteLength : body.byteLength;
      return {
        path: path === "" ? "/" : `/${path}`,
        sentBytes,
        bodyBytes: body.byteLength,
        encoding,
        gzippedBytes,
      };
    }),
  );
}
