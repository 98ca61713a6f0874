// Every error this project throws on purpose. One line says who, what is wrong with the value, and what would be right;
// a second line, 'hint: …', names a way out.

const text = (message: string, hint?: string): string => (hint === undefined ? message : `${message}\nhint: ${hint}`)

/** Shapes that do not fit together: layers, tensors, views. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  constructor(message: string, hint?: string) {
    super(text(message, hint))
  }
}

/** A file or byte array that is missing, damaged or of another kind. `offset` is the byte at which reading stopped. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  readonly file: string
  readonly offset: number | undefined
  constructor(file: string, problem: string, options: { offset?: number; hint?: string } = {}) {
    const place = options.offset === undefined ? '' : ` (byte ${options.offset})`
    super(text(`${file}: ${problem}${place}`, options.hint))
    this.file = file
    this.offset = options.offset
  }
}

/** A request that cannot be met as it stands: an option, an argument, a platform without a feature. Exit code 2, HTTP 400. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  constructor(message: string, hint?: string) {
    super(text(message, hint))
  }
}

/** Work that was asked for rightly and could not be finished: training that diverged, a full disk. Exit code 1, HTTP 500. */
export class RunError extends Error {
  override readonly name = 'RunError'
  constructor(message: string, hint?: string) {
    super(text(message, hint))
  }
}

/** Any value as an error shows it: JSON where there is one, in at most 80 characters. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null
      ? jsonOf(value)
      : String(typeof value === 'string' ? JSON.stringify(value) : value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

function jsonOf(value: object): string {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return Object.prototype.toString.call(value)
  }
}
