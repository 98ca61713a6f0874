// When each tensor of a block is alive, and where it lies: memory is taken when a tensor is first written and given back
// after its last reader, so that tensors that are never alive together share it.
//
//     moment   0    1    2    3
//     x        ■────■                  written in moment 0, read in 1
//     y             ■─────────■        begins where x ends: a kernel never writes over what it reads
//     z                  ■────■        may lie where x was

/** What runs at once: a kernel, with the tensors that it reads and those that it writes. */
export interface Moment<T> {
  readonly reads: readonly T[]
  readonly writes: readonly T[]
}

/** The first and the last moment in which a tensor must be there. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Resident {
  readonly span: Span
  readonly bytes: number
}

/**
 * The span of every tensor. Those of `fed` are there before the first moment, those of `kept` are read after the last one.
 * What is read and never written before holds zeros from the beginning, and is there all the time.
 */
export function spansOf<T>(
  moments: readonly Moment<T>[],
  { fed, kept }: { readonly fed: readonly T[]; readonly kept: readonly T[] },
): Map<T, Span> {
  const end = Math.max(0, moments.length - 1)
  const spans = new Map<T, Span>(fed.map((tensor) => [tensor, { from: 0, to: 0 }]))
  moments.forEach(({ reads, writes }, at) => {
    for (const tensor of writes) spans.set(tensor, { from: spans.get(tensor)?.from ?? at, to: at })
    for (const tensor of reads) {
      const known = spans.get(tensor)
      spans.set(tensor, known === undefined ? { from: 0, to: end } : { from: known.from, to: Math.max(known.to, at) })
    }
  })
  for (const tensor of kept) spans.set(tensor, { from: spans.get(tensor)?.from ?? 0, to: end })
  return spans
}

export const areAliveTogether = (a: Span, b: Span): boolean => a.from <= b.to && b.from <= a.to

/**
 * Where each resident begins, and the bytes of all: the largest first, each at the lowest address that is free as long as
 * it is there. Addresses are multiples of `unit`.
 */
export function placeResidents(
  residents: readonly Resident[],
  unit: number,
): { readonly starts: readonly number[]; readonly bytes: number } {
  const room = (bytes: number): number => Math.ceil(bytes / unit) * unit
  const order = [...residents.keys()].toSorted(
    (a, b) => residents[b]!.bytes - residents[a]!.bytes || residents[a]!.span.from - residents[b]!.span.from,
  )
  const starts: number[] = residents.map(() => 0)
  const placed: number[] = []
  let total = 0
  for (const at of order) {
    const { span, bytes } = residents[at]!
    const others = placed
      .filter((other) => areAliveTogether(residents[other]!.span, span))
      .toSorted((a, b) => starts[a]! - starts[b]!)
    let start = 0
    for (const other of others) {
      if (start + bytes <= starts[other]!) break
      start = Math.max(start, starts[other]! + room(residents[other]!.bytes))
    }
    starts[at] = start
    placed.push(at)
    total = Math.max(total, start + room(bytes))
  }
  return { starts, bytes: total }
}
