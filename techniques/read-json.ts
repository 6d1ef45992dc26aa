import type { z } from "zod";

/** Reads JSON that a client sent; undefined when it is none, or has another shape. */
export function readJson<Value>(shape: z.ZodType<Value>, text: string): Value | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
