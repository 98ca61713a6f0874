// Statements as a C function: one line or a few for each kind. What registers hold from turn to turn is left to the compiler.
import type { CodeFunction, Mask, Spot, Spread, Statement, Value } from '../compile/code/code.ts'
import type { Lanes } from '../compile/storage.ts'
import { printJoin } from './meeting.ts'
import { functionName, operation, splat } from './operations.ts'
import { block, floatText, type Lines, plus, remark } from './text.ts'

const heads = {
  sample: 'char *block, char *restrict memory',
  meet: 'char *tile, char *restrict memory, char *restrict share, long present, int isFirst',
  pack: 'char *block, char *outside',
  unpack: 'char *block, char *outside',
  update: 'char *memory, char *shares, long count, long at, long end',
} as const

export function printFunction({ name, about, role, parameters, body, result }: CodeFunction, lanes: Lanes): Lines {
  const printer = new StatementPrinter(lanes)
  if (role === 'scalar')
    return block(
      `INLINE V ${functionName(name)}(${parameters.map((parameter) => `V ${parameter}`).join(', ')})`,
      printer.all(body),
      `return ${printer.value(result!)};`,
    )
  return [about === '' ? [] : remark(about), block(`static void ${name}(${heads[role]})`, printer.all(body))]
}

const at = ({ pointer, offset }: Spot): string => pointer + plus(offset)
const products = (moving: readonly (readonly [string, number])[]): string =>
  moving.map(([counter, step]) => ` + ${counter} * ${step}`).join('')

class StatementPrinter {
  readonly #lanes: Lanes

  constructor(lanes: Lanes) {
    this.#lanes = lanes
  }

  all(statements: readonly Statement[]): Lines {
    return statements.map((statement) => this.#statement(statement))
  }

  #statement(statement: Statement): Lines {
    switch (statement.kind) {
      case 'let':
        return `const V ${statement.name} = ${this.value(statement.value)};`
      case 'var':
        return `V ${statement.name} = ${this.value(statement.value)};`
      case 'set':
        return `${statement.name} = ${this.value(statement.value)};`
      case 'store':
        return this.#store(at(statement.to), statement.spread, this.value(statement.value))
      case 'onto':
        return this.#onto(statement)
      case 'join':
        return printJoin(statement, this.#lanes)
      case 'clear':
        return `memset(${at(statement.to)}, 0, ${statement.bytes});`
      case 'copy':
        return `memcpy(${at(statement.to)}, ${at(statement.from)}, ${statement.bytes});`
      case 'widen':
        return `for (int l = 0; l < ${statement.count}; l++) ((float *)(${at(statement.to)}))[l] = ((const uint8_t *)(${at(statement.from)}))[l];`
      case 'turn':
        return turn(statement)
      case 'deal': {
        const { to, from, stride } = statement
        return `for (int l = 0; l < SAMPLES; l++) *(float *)(${at(to)} + l * ${stride}L) = F(${at(from)} + l * 4);`
      }
      default:
        return this.#step(statement)
    }
  }

  /** Loops, choices and pointers. */
  #step(statement: Statement): Lines {
    switch (statement.kind) {
      case 'point': {
        const { name, origin, offset, moving } = statement
        return `char *${name} = ${origin}${plus(offset)}${products(moving)};`
      }
      case 'move':
        return `${statement.name} += ${statement.bytes};`
      case 'loop': {
        const { counter, extent, body } = statement
        return block(`for (long ${counter} = 0; ${counter} < ${extent}; ${counter}++)`, this.all(body))
      }
      case 'count': {
        const { counter, first, end, body } = statement
        return block(`for (long ${counter} = ${first}; ${counter} < ${end}; ${counter}++)`, this.all(body))
      }
      case 'walk':
        return block(
          `for (; ${statement.from} < ${statement.end}; ${statement.from} += ${statement.step})`,
          this.all(statement.body),
        )
      case 'blocks':
        return block(
          'for (long first = 0; first < present; first += SAMPLES)',
          'const I there = below(present - first);',
          `char *const ${statement.block} = tile + first / SAMPLES * BLOCK_BYTES;`,
          this.all(statement.body),
        )
      case 'when':
        return this.#choice(`F(${at(statement.from)}) != 0`, statement)
      case 'present':
        return this.#choice(`present == ${statement.samples}`, statement)
      default:
        throw new Error(`C: no text for '${statement.kind}'`)
    }
  }

  #choice(condition: string, { yes, no }: { yes: readonly Statement[]; no: readonly Statement[] }): Lines {
    const otherwise = no.length === 0 ? [] : block('else', this.all(no))
    return [block(`if (${condition})`, this.all(yes)), otherwise]
  }

  value(value: Value): string {
    switch (value.kind) {
      case 'number':
        return splat(value.value)
      case 'name':
        return value.name
      case 'turned':
        return `${value.rows}[${value.at}]`
      case 'load':
        return this.#load(at(value.from), value.spread)
      case 'index':
        return this.#index(value)
      case 'call':
        return operation(
          value.name,
          value.parts.map((part) => this.value(part)),
        )
      case 'choose':
        return `pick(${this.#mask(value.mask)}, ${this.value(value.yes)}, ${this.value(value.no)})`
      case 'keep':
        return `keep(${this.#mask(value.mask)}, ${this.value(value.value)})`
      case 'fused': {
        const [a, b, c] = value.parts.map((part) => this.value(part))
        return `(${c} + ${a} * ${b})`
      }
    }
  }

  #mask(mask: Mask): string {
    if (mask.kind === 'present') return 'there'
    if (mask.kind === 'compare') return `(${mask.parts.map((part) => this.value(part)).join(` ${mask.sign} `)})`
    return `(${mask.parts.map((part) => this.#mask(part)).join(mask.kind === 'and' ? ' & ' : ' | ')})`
  }

  #index({ constant, moving, ahead }: Value & { kind: 'index' }): string {
    const { samples, across } = this.#lanes
    const base = moving.length === 0 ? splat(constant) : `splat((float)(${constant}${products(moving)}))`
    if (ahead === 0) return base
    const places = Array.from({ length: across * samples }, (_, lane) => floatText(Math.floor(lane / samples) * ahead))
    return `(${base} + (V){${places.join(', ')}})`
  }

  #load(from: string, { reach, isShared, count, stride }: Spread): string {
    const { samples, across } = this.#lanes
    if (reach === 'broadcast') return isShared || samples === 1 ? `splat(F(${from}))` : `repeated(${from})`
    if (reach === 'neighbours') {
      if (isShared) return samples === 1 ? `N(${from})` : `spread(${from})`
      return across === 1 ? `W(${from})` : `N(${from})`
    }
    // Elements that are not there repeat the last.
    const places = Array.from({ length: across }, (_, at) => from + plus(Math.min(at, count - 1) * stride))
    if (!isShared && samples > 1) return `gathered(${places.join(', ')})`
    const floats = places.map((place) => `F(${place})`)
    return samples === 1 ? `(V){${floats.join(', ')}}` : `spread_floats(${floats.join(', ')})`
  }

  /** Writes a vector, or the elements of it that are there. */
  #store(to: string, { reach, isShared, count, stride }: Spread, vector: string): Lines {
    const { samples, across } = this.#lanes
    const bytes = isShared ? 4 : 4 * samples
    const some = (from: number, count: number, place: string) =>
      `memcpy(${place}, (const char *)&${vector}${plus(from * bytes)}, ${count * bytes});`
    if (across === 1) return `W(${to}) = ${vector};`
    if (reach === 'broadcast') return some(0, 1, to)
    if (reach === 'scattered') return Array.from({ length: count }, (_, at) => some(at, 1, to + plus(at * stride)))
    return count === across ? `N(${to}) = ${vector};` : some(0, count, to)
  }

  #onto({ to, spread: { reach, count, stride }, name }: Statement & { kind: 'onto' }): Lines {
    const { samples, across } = this.#lanes
    const add = (from: number, count: number): string =>
      `add_onto(${at(to)}${plus(from * stride)}, (const float *)&${name} + ${from}, ${count}, isFirst);`
    if (reach === 'scattered') return Array.from({ length: count }, (_, n) => add(n, 1))
    if (reach === 'broadcast') return add(0, 1)
    return count === samples * across ? `onto(${at(to)}, ${name}, isFirst);` : add(0, count)
  }
}

function turn({ rows, from, stride, element }: Statement & { kind: 'turn' }): Lines {
  const read = (type: string, to: string): string =>
    `for (int l = 0; l < SAMPLES; l++) ${to}[l] = *(const ${type} *)(${at(from)} + l * ${stride}L);`
  if (element === 'float32') return [`P ${rows}[SAMPLES];`, read('P', rows), `transpose(${rows});`]
  return [
    `P ${rows}[SAMPLES];`,
    block(
      '',
      'B bytes[SAMPLES];',
      read('B', 'bytes'),
      'transpose_bytes(bytes);',
      `for (int l = 0; l < SAMPLES; l++) ${rows}[l] = __builtin_convertvector(bytes[l], P);`,
    ),
  ]
}
