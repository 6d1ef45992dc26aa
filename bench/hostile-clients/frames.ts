/** A masked frame of a client (RFC 6455, 5.2), whose mask is zero. `promised`: the length that it claims, if not its own. */
export function frame(
  firstByte: number,
  payload: Buffer = Buffer.alloc(0),
  promised: bigint = BigInt(payload.length),
): Buffer {
  const mask = Buffer.alloc(4);
  if (promised < 126n) {
    return Buffer.concat([Buffer.from([firstByte, 0x80 | Number(promised)]), mask, payload]);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(promised);
  return Buffer.concat([Buffer.from([firstByte, 0xff]), length, mask, payload]);
}

/** First bytes of frames: FIN, and the opcode. */
export const opcodes = {
  text: 0x81,
  beginningOfText: 0x01,
  continuation: 0x00,
  pong: 0x8a,
  ping: 0x89,
} as const;

/** The code of the close frame with which a server's bytes end, if they do. */
export function closeCodeAtEnd(bytes: Buffer): number | null {
  for (let start = bytes.length - 2; start >= Math.max(0, bytes.length - 127); start -= 1) {
    const length = bytes.length - start - 2;
    if (bytes[start] === 0x88 && bytes[start + 1] === length && length >= 2) {
      return bytes.readUInt16BE(start + 2);
    }
  }
  return null;
}
