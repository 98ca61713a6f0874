// Whether a picture is an image of MNIST already, of its size or in the middle of a model's input: then it is taken as it is.

const BOX = 20
/** The centre of mass was rounded to a pixel; of 70,000 images none is further away. */
const OFF_CENTRE = 0.52

/** `pixels` are [side, side] bytes. The ink is on pure black, 20 pixels long or high, its centre of mass in the middle. */
export function isPreparedDigit(pixels: Uint8Array, side: number): boolean {
  let [left, top, right, bottom] = [side, side, -1, -1]
  let [mass, massX, massY] = [0, 0, 0]
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      const value = pixels[i * side + j]!
      if (value === 0) continue
      left = Math.min(left, j)
      right = Math.max(right, j)
      top = Math.min(top, i)
      bottom = i
      mass += value
      massX += value * j
      massY += value * i
    }
  const longer = Math.max(right - left, bottom - top) + 1
  const isCentred = (sum: number): boolean => Math.abs(sum / mass - side / 2) <= OFF_CENTRE
  // Sixteen of the 70,000 lost a faint last row.
  return (longer === BOX || longer === BOX - 1) && isCentred(massX) && isCentred(massY)
}
