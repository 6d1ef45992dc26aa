import { encode } from "uqr";
import type { JoinInfo, QrDrawing } from "../model/lab-api.ts";

/** How other devices come to a lab: where they open it, and whose names their trials have. */
export function joinInfo(addresses: readonly URL[], names: string | null): JoinInfo {
  return {
    isOpen: addresses.length > 0,
    addresses: addresses.map(({ href }) => ({ url: href, qr: drawQr(href) })),
    names,
  };
}

/** Draws a text as a QR code, with the four light modules around it that ISO/IEC 18004 asks for. */
function drawQr(text: string): QrDrawing {
  const { size, data } = encode(text, { border: 4 });
  const path = data.flatMap((row, y) =>
    [
      ...row
        .map((isDark) => (isDark ? "1" : "0"))
        .join("")
        .matchAll(/1+/gu),
    ].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  );
  return { size, path: path.join("") };
}
