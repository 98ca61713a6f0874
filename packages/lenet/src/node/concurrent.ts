// Many small asynchronous tasks, a few at a time.

/** Runs `work(0)` to `work(count - 1)`, at most `limit` at once. Rejects with the first error and starts no more. */
export async function runConcurrently(
  count: number,
  limit: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let stopped = false
  const worker = async () => {
    while (next < count && !stopped) {
      try {
        await work(next++)
      } catch (error) {
        stopped = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker))
}
