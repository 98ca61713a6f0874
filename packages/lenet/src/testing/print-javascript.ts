// Statements as plain JavaScript: a printer that nobody needs, and the proof that one more is a table. A vector is an array of
// numbers, each rounded after every operation.
import type { CodeFunction, Mask, Spot, Spread, Statement, Target, Value } from '../engine/compile/code/code.ts'
import { TILE } from '../engine/program.ts'
import { scalarOf } from '../engine/reference-scalar.ts'

type Vector = readonly number[]

/** What the printed text calls. Floats are read and written one by one, where `view` sees the memory. */
export function runtime({ lanes: { samples, across } }: Target, view: DataView) {
  const lanes = samples * across
  const each = (value: (lane: number, element: number) => number): Vector =>
    Array.from({ length: lanes }, (_, lane) => value(lane, Math.floor(lane / samples)))
  const float = (at: number) => view.getFloat32(at, true)
  const put = (at: number, value: number) => view.setFloat32(at, value, true)
  const place = (at: number, { reach, isShared, count, stride }: Spread, lane: number, element: number): number => {
    const step = reach === 'broadcast' ? 0 : reach === 'scattered' ? stride : isShared ? 4 : 4 * samples
    return at + Math.min(element, count - 1) * step + (isShared ? 0 : (lane % samples) * 4)
  }
  const store = (at: number, spread: Spread, vector: Vector): void => {
    const count = spread.reach === 'broadcast' ? 1 : spread.count
    vector.forEach((value, lane) => {
      const element = Math.floor(lane / samples)
      if (element < count) put(place(at, spread, lane, element), value)
    })
  }
  const load = (at: number, spread: Spread) => each((lane, element) => float(place(at, spread, lane, element)))
  const onto = (at: number, value: number, isFirst: number) => put(at, Math.fround((isFirst ? 0 : float(at)) + value))
  return {
    load,
    store,
    splat: (value: number) => each(() => Math.fround(value)),
    index: (value: number, ahead: number) => each((_, element) => Math.fround(value + element * ahead)),
    call: (name: string, ...parts: Vector[]) => {
      if (name === 'upper') return each((lane) => parts[0]![(lane + 4) % 8]!)
      const operate = scalarOf(name, 'float32')
      return each((lane) => operate(parts[0]![lane]!, parts[1]?.[lane] ?? 0, parts[2]?.[lane] ?? 0))
    },
    compare: (sign: string, a: Vector, b: Vector) =>
      a.map((value, lane) => (sign === '<' ? value < b[lane]! : sign === '==' ? value === b[lane] : value !== b[lane])),
    both: (a: boolean[], b: boolean[]) => a.map((value, lane) => value && b[lane]!),
    either: (a: boolean[], b: boolean[]) => a.map((value, lane) => value || b[lane]!),
    pick: (mask: boolean[], yes: Vector, no: Vector) => each((lane) => (mask[lane] ? yes : no)[lane]!),
    below: (count: number) => Array.from({ length: lanes }, (_, lane) => lane % samples < count),
    float,
    onto: (at: number, spread: Spread, vector: Vector, isFirst: number) =>
      vector.slice(0, spread.count).forEach((value, n) => {
        onto(place(at, spread, 0, n), value, isFirst)
      }),
    join: (at: number, count: number, stride: number, total: Vector, isFirst: number) => {
      for (let n = 0; n < count; n++) {
        const quarters = [0, 4, 8, 12].slice(0, samples === TILE ? 4 : 1)
        const [a, b, c, d] = [0, 1, 2, 3].map((lane) =>
          quarters
            .map((quarter) => total[n * samples + quarter + lane]!)
            .reduce((sum, next) => Math.fround(sum + next)),
        ) as [number, number, number, number]
        onto(at + n * stride, Math.fround(Math.fround(a + c) + Math.fround(b + d)), isFirst)
      }
    },
    copy: (to: number, from: number, bytes: number) => {
      for (let n = 0; n < bytes; n++) view.setUint8(to + n, view.getUint8(from + n))
    },
    clear: (to: number, bytes: number) => {
      for (let n = 0; n < bytes; n++) view.setUint8(to + n, 0)
    },
    widen: (to: number, from: number, count: number) => {
      for (let n = 0; n < count; n++) put(to + 4 * n, view.getUint8(from + n))
    },
    turn: (from: number, stride: number, element: string) =>
      each((at) => at).map((at) =>
        each((lane) =>
          element === 'uint8' ? view.getUint8(from + lane * stride + at) : float(from + lane * stride + 4 * at),
        ),
      ),
    deal: (to: number, from: number, stride: number) => {
      for (let n = 0; n < samples; n++) put(to + n * stride, float(from + 4 * n))
    },
  }
}

const at = ({ pointer, offset }: Spot): string => `${pointer} + ${offset}`
const products = (moving: readonly (readonly [string, number])[]): string =>
  moving.map(([counter, step]) => ` + ${counter} * ${step}`).join('')
const number = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

/** The text of `(…parameters) => { … }`, with `r` as the runtime. */
export const printFunction = ({ parameters, body }: CodeFunction, { lanes, blockBytes }: Target): string => {
  const all = (statements: readonly Statement[]): string => statements.map(statement).join('\n')
  const statement = (s: Statement): string => {
    switch (s.kind) {
      case 'let':
      case 'var':
        return `let ${s.name} = ${value(s.value)}`
      case 'set':
        return `${s.name} = ${value(s.value)}`
      case 'point':
        return `var ${s.name} = ${s.origin} + ${s.offset}${products(s.moving)}`
      case 'move':
        return `${s.name} += ${s.bytes}`
      case 'loop':
        return `for (let ${s.counter} = 0; ${s.counter} < ${s.extent}; ${s.counter}++) {\n${all(s.body)}\n}`
      case 'count':
        return `for (let ${s.counter} = ${s.first}; ${s.counter} < ${s.end}; ${s.counter}++) {\n${all(s.body)}\n}`
      case 'walk':
        return `for (; ${s.from} < ${s.end}; ${s.from} += ${s.step}) {\n${all(s.body)}\n}`
      case 'blocks':
        return `for (let left = present, ${s.block} = tile; left > 0; left -= ${lanes.samples}, ${s.block} += ${blockBytes}) {\nconst there = r.below(left)\n${all(s.body)}\n}`
      case 'when':
        return `if (r.float(${at(s.from)}) !== 0) {\n${all(s.yes)}\n} else {\n${all(s.no)}\n}`
      case 'present':
        return `if (present === ${s.samples}) {\n${all(s.yes)}\n} else {\n${all(s.no)}\n}`
      case 'store':
        return `r.store(${at(s.to)}, ${JSON.stringify(s.spread)}, ${value(s.value)})`
      case 'onto':
        return `r.onto(${at(s.to)}, ${JSON.stringify(s.spread)}, ${s.name}, isFirst)`
      case 'join':
        return s.totals
          .map((name, n) => `r.join(${s.pointer} + ${s.offsets[n]}, ${s.count}, ${s.stride}, ${name}, isFirst)`)
          .join('\n')
      case 'clear':
        return `r.clear(${at(s.to)}, ${s.bytes})`
      case 'copy':
        return `r.copy(${at(s.to)}, ${at(s.from)}, ${s.bytes})`
      case 'widen':
        return `r.widen(${at(s.to)}, ${at(s.from)}, ${s.count})`
      case 'turn':
        return `const ${s.rows} = r.turn(${at(s.from)}, ${s.stride}, '${s.element}')`
      case 'deal':
        return `r.deal(${at(s.to)}, ${at(s.from)}, ${s.stride})`
    }
  }
  const value = (v: Value): string => {
    switch (v.kind) {
      case 'number':
        return `r.splat(${number(v.value)})`
      case 'name':
        return v.name
      case 'turned':
        return `${v.rows}[${v.at}]`
      case 'load':
        return `r.load(${at(v.from)}, ${JSON.stringify(v.spread)})`
      case 'index':
        return `r.index(${v.constant}${products(v.moving)}, ${v.ahead})`
      case 'call':
        return `r.call('${v.name}', ${v.parts.map(value).join(', ')})`
      case 'choose':
        return `r.pick(${mask(v.mask)}, ${value(v.yes)}, ${value(v.no)})`
      case 'keep':
        return `r.pick(${mask(v.mask)}, ${value(v.value)}, r.splat(0))`
      case 'fused':
        throw new Error('JavaScript rounds every operation')
    }
  }
  const mask = (m: Mask): string => {
    if (m.kind === 'present') return 'there'
    if (m.kind === 'compare') return `r.compare('${m.sign}', ${m.parts.map(value).join(', ')})`
    return `r.${m.kind === 'and' ? 'both' : 'either'}(${m.parts.map(mask).join(', ')})`
  }
  return `(${parameters.join(', ')}) => {\n${all(body)}\n}`
}
