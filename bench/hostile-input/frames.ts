import type { Bytes } from "./bytes.ts";

/** A frame as a client may send it, whether that is allowed or not (RFC 6455, 5.2). */
export interface Frame {
  readonly opcode: number;
  readonly payload: Bytes;
  readonly isFinal?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** What the frame says its length is, instead of what that is. */
  readonly saidLength?: number;
}

/** Zeros: what is sent stays what it is, which any bytes are allowed to be. */
const mask = Buffer.alloc(4);

/** A frame on the wire. */
export function frameBytes({
  opcode,
  payload,
  isFinal = true,
  reserved = 0,
  isMasked = true,
  saidLength = payload.length,
}: Frame): Buffer {
  const start = (isFinal ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 15);
  const masked = isMasked ? 0x80 : 0;
  const head =
    saidLength < 126
      ? Buffer.from([start, masked | saidLength])
      : saidLength < 65_536
        ? Buffer.from([start, masked | 126, saidLength >> 8, saidLength & 255])
        : longHead(start, masked, saidLength);
  return Buffer.concat([head, ...(isMasked ? [mask] : []), Buffer.from(payload, "latin1")]);
}

function longHead(start: number, masked: number, length: number): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt8(start, 0);
  head.writeUInt8(masked | 127, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** A frame of the server's, and what of the bytes comes after it; undefined: it is not whole yet. */
export function readFrame(
  bytes: Buffer,
): { readonly opcode: number; readonly payload: Buffer; readonly rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 127;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return undefined;
  return {
    opcode: bytes.readUInt8(0) & 15,
    payload: bytes.subarray(start, start + length),
    rest: bytes.subarray(start + length),
  };
}
