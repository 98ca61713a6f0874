// One plane of bytes seen through an affine map: interpolated linearly, black outside. Positions are 16.16 integers, so a row
// is walked by additions, and the part of it that sees the source is known beforehand.

/** Takes a position relative to the centre to another: x' = xx x + xy y, y' = yx x + yy y. */
export type Matrix = readonly [xx: number, xy: number, yx: number, yy: number]

const ONE = 65536

/** Prepares the mapping of planes [height, width]. The map goes from target to source; the shift is added to the result. */
export function createWarper(height: number, width: number) {
  const stride = width + 2
  // The plane with a black rim, and in each element the pixel below in the upper half: one product blends two rows.
  const pairs = new Int32Array((height + 2) * stride)
  return (
    source: Uint8Array,
    sourceOffset: number,
    target: Uint8Array,
    targetOffset: number,
    [xx, xy, yx, yy]: Matrix,
    shiftX: number,
    shiftY: number,
  ): void => {
    fillPairs(pairs, source, sourceOffset, height, width)
    // The '| 0' keeps the walk in machine integers, at two thirds of the time.
    const dx = Math.round(xx * ONE) | 0
    const dy = Math.round(yx * ONE) | 0
    const centreX = (width - 1) / 2
    const centreY = (height - 1) / 2
    for (let i = 0; i < height; i++) {
      const right = -centreX - shiftX
      const down = i - centreY - shiftY
      // Counted from the rim's corner, which is one pixel above and left of the plane.
      const x0 = Math.round((xx * right + xy * down + centreX + 1) * ONE)
      const y0 = Math.round((yx * right + yy * down + centreY + 1) * ONE)
      const start = Math.min(width, Math.max(firstInside(x0, dx, width), firstInside(y0, dy, height)))
      const end = Math.max(start, Math.min(width, endInside(x0, dx, width, width), endInside(y0, dy, height, width)))
      const row = targetOffset + i * width
      for (let j = 0; j < start; j++) target[row + j] = 0
      for (let j = end; j < width; j++) target[row + j] = 0
      blendSpan(pairs, stride, target, row, start, end, (x0 + start * dx) | 0, (y0 + start * dy) | 0, dx, dy)
    }
  }
}

function blendSpan(
  pairs: Int32Array,
  stride: number,
  target: Uint8Array,
  row: number,
  start: number,
  end: number,
  x: number,
  y: number,
  dx: number,
  dy: number,
): void {
  for (let j = start; j < end; j++) {
    const place = (y >> 16) * stride + (x >> 16)
    const alongX = (x >> 8) & 255
    const alongY = (y >> 8) & 255
    const both = (Math.imul(pairs[place]!, 256 - alongX) + Math.imul(pairs[place + 1]!, alongX)) | 0
    target[row + j] = ((both & 65535) * (256 - alongY) + (both >>> 16) * alongY + 32768) >>> 16
    x = (x + dx) | 0
    y = (y + dy) | 0
  }
}

function fillPairs(pairs: Int32Array, source: Uint8Array, offset: number, height: number, width: number): void {
  const stride = width + 2
  let from = offset
  for (let j = 1; j <= width; j++) pairs[j] = 0
  for (let i = 0; i < height; i++) {
    const start = i * stride + 1
    for (let place = start; place < start + width; place++) {
      const pixel = source[from++]!
      pairs[place]! |= pixel << 16
      pairs[place + stride] = pixel
    }
  }
}

// Positions in [0, extent + 1) of the rimmed plane touch a pixel. The first j with 0 <= start + j * step < limit, and the end:
function firstInside(start: number, step: number, extent: number): number {
  const limit = (extent + 1) * ONE
  if (start >= 0 && start < limit) return 0
  if (step === 0) return Number.POSITIVE_INFINITY
  return Math.max(0, start < 0 ? Math.ceil(-start / step) : Math.floor((start - limit) / -step) + 1)
}

function endInside(start: number, step: number, extent: number, width: number): number {
  const limit = (extent + 1) * ONE
  const last = start + (width - 1) * step
  if (step === 0 || (last >= 0 && last < limit)) return width
  return step > 0 ? Math.ceil((limit - start) / step) : Math.floor(-start / step) + 1
}
