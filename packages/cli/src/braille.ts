// A canvas of dots on a terminal: a braille character holds two columns of four dots (Unicode block 2800).

const BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/** Lines between points given in dots, from the top left; `columns` and `rows` count characters. */
export class Braille {
  readonly columns: number
  readonly rows: number
  readonly #cells: Uint8Array

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.#cells = new Uint8Array(columns * rows)
  }

  dot(x: number, y: number): void {
    const column = Math.floor(x / 2)
    const row = Math.floor(y / 4)
    if (column < 0 || column >= this.columns || row < 0 || row >= this.rows) return
    this.#cells[row * this.columns + column]! |= BITS[(x & 1) as 0 | 1][(y & 3) as 0 | 1 | 2 | 3]
  }

  line([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
    const steps = Math.max(1, Math.abs(Math.round(x1 - x0)), Math.abs(Math.round(y1 - y0)))
    for (let k = 0; k <= steps; k++) {
      this.dot(Math.round(x0 + ((x1 - x0) * k) / steps), Math.round(y0 + ((y1 - y0) * k) / steps))
    }
  }

  /** The character in a cell; a space when it has no dot. */
  at(column: number, row: number): string {
    const bits = this.#cells[row * this.columns + column]!
    return bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits)
  }
}
