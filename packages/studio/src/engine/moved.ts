// Images moved sideways: what leaves at one side is lost, and black comes in at the other.

/** @param by columns to the right; a negative number moves to the left. @param shape [channels, rows, columns]. */
export function moved(pixels: Uint8Array, shape: readonly [number, number, number], by: number): Uint8Array {
  const columns = shape[2]
  const result = new Uint8Array(pixels.length)
  for (let start = 0; start < pixels.length; start += columns) {
    const row = pixels.subarray(start, start + columns)
    if (by >= 0) result.set(row.subarray(0, Math.max(0, columns - by)), start + Math.min(by, columns))
    else result.set(row.subarray(Math.min(columns, -by)), start)
  }
  return result
}
