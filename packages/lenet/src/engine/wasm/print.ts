// Statements as a wasm function: one line or a few for each kind. A load stands where its value is first read.
import type { CodeFunction, Mask, Spot, Spread, Statement, Value } from '../compile/code/code.ts'
import {
  type Body,
  type Code,
  call,
  copyMemory,
  f32x4,
  fillMemory,
  flatten,
  get,
  i32,
  i32x4,
  LANES,
  load,
  loadLane,
  newBody,
  op,
  repeat,
  set,
  store,
  storeLane,
  storeTwoLanes,
  type Type,
  tee,
  type WasmFunction,
  when,
} from './assemble.ts'
import { joinLanes } from './join.ts'
import { comparisons, operation } from './operations.ts'
import { turnBytes, turnFloats, widenBytes } from './turn.ts'

/** `functionIndex` finds functions of the scalar table. Addresses count from 0: nobody is told where memory begins. */
export function printFunction(code: CodeFunction, functionIndex: (name: string) => number): WasmFunction {
  const type: Type = code.role === 'scalar' ? 'v128' : 'i32'
  const parameters = code.parameters.filter((name) => name !== 'memory')
  const body = newBody(
    parameters.map(() => type),
    code.result && 'v128',
  )
  const printer = new FunctionPrinter(body, parameters, functionIndex)
  return { body, code: flatten(printer.print(code)) }
}

class FunctionPrinter {
  readonly #body: Body
  readonly #locals: Map<string, number>
  readonly #functionIndex: (name: string) => number
  /** Loads that nobody has read yet. */
  readonly #waiting = new Map<string, Code>()

  constructor(body: Body, parameters: readonly string[], functionIndex: (name: string) => number) {
    this.#body = body
    this.#locals = new Map(parameters.map((name, at) => [name, at]))
    this.#functionIndex = functionIndex
  }

  print({ role, body, result }: CodeFunction): Code {
    const first: Code =
      role === 'meet' ? [op('i32x4.splat', get(this.#local('isFirst'))), set(this.#local('held', 'v128'))] : []
    return [first, this.#all(body), result ? this.#value(result) : []]
  }

  #local(name: string, type: Type = 'i32'): number {
    const known = this.#locals.get(name) ?? this.#body.local(type)
    this.#locals.set(name, known)
    return known
  }

  #all(statements: readonly Statement[]): Code {
    return statements.map((statement) => this.#statement(statement))
  }

  #statement(statement: Statement): Code {
    switch (statement.kind) {
      case 'let':
      case 'var':
      case 'set':
        return this.#assign(statement)
      case 'store':
        return this.#store(statement.to, statement.spread, this.#value(statement.value))
      case 'onto':
        return this.#onto(statement)
      case 'join': {
        const { totals, pointer, offsets } = statement
        const goal = { pointer: this.#local(pointer), held: this.#local('held') }
        return joinLanes(
          this.#body,
          totals.map((name) => this.#local(name)),
          goal,
          offsets,
        )
      }
      case 'clear':
        return [this.#address(statement.to), i32(0), i32(statement.bytes), fillMemory]
      case 'copy':
        return [this.#address(statement.to), this.#address(statement.from), i32(statement.bytes), copyMemory]
      case 'widen':
        return widenBytes(this.#body, this.#at(statement.to), this.#at(statement.from), statement.count)
      case 'turn': {
        const rows = Array.from({ length: LANES }, (_, at) => this.#local(`${statement.rows} ${at}`, 'v128'))
        const turn = statement.element === 'uint8' ? turnBytes : turnFloats
        return turn(this.#body, rows, this.#at(statement.from), statement.stride)
      }
      case 'deal': {
        const { to, from, stride } = statement
        const element: Code = [get(this.#local(from.pointer)), load.v128(from.offset)]
        return Array.from({ length: LANES }, (_, lane) => [
          get(this.#local(to.pointer)),
          element,
          storeLane(lane, to.offset + lane * stride),
        ])
      }
      default:
        return this.#step(statement)
    }
  }

  /** Loops, choices and pointers. */
  #step(statement: Statement): Code {
    switch (statement.kind) {
      case 'point': {
        const { name, origin, offset, moving } = statement
        const begin: Code =
          origin === 'memory'
            ? i32(offset)
            : offset === 0
              ? get(this.#local(origin))
              : op('i32.add', get(this.#local(origin)), i32(offset))
        return [this.#moving(begin, moving), set(this.#local(name))]
      }
      case 'move': {
        const pointer = this.#local(statement.name)
        return [op('i32.add', get(pointer), i32(statement.bytes)), set(pointer)]
      }
      case 'loop': {
        const counter = this.#local(statement.counter)
        const next = op('i32.lt_u', [op('i32.add', get(counter), i32(1)), tee(counter)], i32(statement.extent))
        return [i32(0), set(counter), repeat(this.#all(statement.body), next)]
      }
      case 'count': {
        const [counter, end] = [this.#local(statement.counter), this.#local(statement.end)]
        const next = op('i32.lt_u', [op('i32.add', get(counter), i32(1)), tee(counter)], get(end))
        const isAny = op('i32.lt_u', [i32(statement.first), tee(counter)], get(end))
        return when(isAny, repeat(this.#all(statement.body), next))
      }
      case 'walk': {
        const at = this.#local(statement.from)
        const next = op(
          'i32.lt_u',
          [op('i32.add', get(at), i32(statement.step)), tee(at)],
          get(this.#local(statement.end)),
        )
        return repeat(this.#all(statement.body), next)
      }
      case 'blocks': {
        const [left, present] = [this.#body.local('i32'), this.#local('there', 'v128')]
        const mask = op('i32x4.lt_s', i32x4(0, 1, 2, 3), op('i32x4.splat', get(left)))
        const more = op('i32.lt_s', i32(0), [op('i32.sub', get(left), i32(LANES)), tee(left)])
        return [get(this.#local('present')), set(left), repeat(mask, set(present), this.#all(statement.body), more)]
      }
      case 'when': {
        const { from, yes, no } = statement
        const value: Code = [get(this.#local(from.pointer)), load.f32(from.offset)]
        return when(op('f32.ne', value, [0x43, 0, 0, 0, 0]), this.#all(yes), this.#all(no))
      }
      case 'present': {
        const { samples, yes, no } = statement
        return when(op('i32.eq', get(this.#local('present')), i32(samples)), this.#all(yes), this.#all(no))
      }
      default:
        throw new Error(`wasm: no code for '${statement.kind}'`)
    }
  }

  #moving(begin: Code, moving: readonly (readonly [string, number])[]): Code {
    return moving.reduce<Code>(
      (sum, [counter, stride]) => op('i32.add', sum, op('i32.mul', get(this.#local(counter)), i32(stride))),
      begin,
    )
  }

  #assign({ kind, name, value }: Statement & { kind: 'let' | 'var' | 'set' }): Code {
    if (kind === 'let' && value.kind === 'load') {
      this.#waiting.set(name, this.#value(value))
      return []
    }
    return [this.#value(value), set(this.#local(name, 'v128'))]
  }

  #value(value: Value): Code {
    switch (value.kind) {
      case 'number':
        return f32x4(value.value)
      case 'name': {
        const waiting = this.#waiting.get(value.name)
        this.#waiting.delete(value.name)
        const local = this.#local(value.name, 'v128')
        return waiting === undefined ? get(local) : [waiting, tee(local)]
      }
      case 'turned':
        return get(this.#local(`${value.rows} ${value.at}`))
      case 'load':
        return this.#load(value.from, value.spread)
      case 'index': {
        const places = i32x4(...Array.from({ length: LANES }, (_, at) => value.constant + at * value.ahead))
        const [first, ...others] = value.moving.map(([counter, step]) =>
          op('i32.mul', get(this.#local(counter)), i32(step)),
        )
        if (first === undefined) return op('f32x4.convert_i32', places)
        const sum = others.reduce((a, b) => op('i32.add', a, b), first)
        return op('f32x4.convert_i32', op('i32x4.add', op('i32x4.splat', sum), places))
      }
      case 'call': {
        const parts = value.parts.map((part) => this.#value(part))
        const code = operation(value.name, parts, () => this.#body.local('v128'))
        return code ?? [...parts, call(this.#functionIndex(value.name))]
      }
      case 'choose':
        return op('v128.bitselect', this.#value(value.yes), this.#value(value.no), this.#mask(value.mask))
      case 'keep':
        return op('v128.and', this.#value(value.value), this.#mask(value.mask))
      case 'fused':
        return op('f32x4.relaxed_madd', ...value.parts.map((part) => this.#value(part)))
    }
  }

  #mask(mask: Mask): Code {
    if (mask.kind === 'present') return get(this.#local('there'))
    if (mask.kind === 'compare') return op(comparisons[mask.sign], ...mask.parts.map((part) => this.#value(part)))
    return op(mask.kind === 'and' ? 'v128.and' : 'v128.or', ...mask.parts.map((part) => this.#mask(part)))
  }

  #load({ pointer, offset }: Spot, { reach, count, stride }: Spread): Code {
    const from = get(this.#local(pointer))
    if (reach === 'neighbours') return [from, load.v128(offset)]
    if (reach === 'broadcast') return [from, load.splat(offset)]
    return Array.from({ length: count - 1 }, (_, at) => at + 1).reduce<Code>(
      (vector, at) => [from, vector, loadLane(at, offset + at * stride)],
      [from, load.zero(offset)],
    )
  }

  /** Writes a whole vector, or the elements of it that are there. */
  #store({ pointer, offset }: Spot, { reach, isShared, count, stride }: Spread, vector: Code): Code {
    const to = get(this.#local(pointer))
    const one = (at: number, place: number): Code => [to, vector, storeLane(at, place)]
    // An element of four samples is a vector.
    if (reach === 'neighbours' && (count === LANES || (!isShared && stride !== 4)))
      return [to, vector, store.v128(offset)]
    if (reach === 'broadcast') return one(0, offset)
    if (reach === 'scattered') return Array.from({ length: count }, (_, at) => one(at, offset + at * stride))
    return [
      count >= 2 ? [to, vector, storeTwoLanes(offset)] : [],
      count % 2 === 1 ? one(count - 1, offset + (count - 1) * 4) : [],
    ]
  }

  #onto({ to, spread, name }: Statement & { kind: 'onto' }): Code {
    const local = this.#local(name, 'v128')
    const held = op('v128.and', this.#load(to, spread), get(this.#local('held')))
    return [op('f32x4.add', held, get(local)), set(local), this.#store(to, spread, get(local))]
  }

  #at({ pointer, offset }: Spot): { readonly local: number; readonly offset: number } {
    return { local: this.#local(pointer), offset }
  }

  #address({ pointer, offset }: Spot): Code {
    return op('i32.add', get(this.#local(pointer)), i32(offset))
  }
}
