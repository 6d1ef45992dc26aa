import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";

const answerTimeoutMs = 10_000;

/** The certificate, unchecked, that a server on this machine presents for an https URL's host. Rejects, with the URL's host, when there is none. */
export async function presentedCertificate({
  hostname,
  port,
  host,
}: URL): Promise<X509Certificate> {
  const socket = connect({
    host: "127.0.0.1",
    port: Number(port || 443),
    // An IP address is no server name (RFC 6066, section 3).
    ...(isIP(hostname) === 0 && { servername: hostname }),
    // To look at it is not to trust it.
    rejectUnauthorized: false,
  });
  socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error("the server did not answer")));
  try {
    await once(socket, "secureConnect");
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error("the server presented none");
    return certificate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the certificate of ${host} could not be fetched: ${reason}`, { cause });
  } finally {
    socket.destroy();
  }
}
