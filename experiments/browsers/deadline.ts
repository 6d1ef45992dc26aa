/** Waits for `work` for `timeoutMs` at most, then rejects with `sentence`. Does not stop the work. */
export async function within<T>(timeoutMs: number, sentence: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(sentence)), timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
