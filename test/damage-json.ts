// Damage to JSON that leaves it JSON: a value, somewhere inside, becomes another, goes, or is joined by one.
import type { Dice } from './damage.ts'

const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  64,
  1e9,
  2 ** 31,
  2 ** 53,
  1e308,
  1e-320,
  '',
  'x',
  'conv2d',
  'constructor',
  '__proto__',
  'fc.weight',
  [],
  [null],
  [[]],
  [0],
  [-1],
  [1, 2, 3],
  ['a', 'a'],
  {},
  { a: 1 },
]

export function damagedJson(value: unknown, dice: Dice): unknown {
  if (dice(8) === 0) return strange[dice(strange.length)]
  if (Array.isArray(value)) return damagedList(value, dice)
  if (typeof value === 'object' && value !== null) return damagedObject(value, dice)
  if (typeof value === 'number')
    return [value + 1, value - 1, -value, value * 2, value / 2, value * 1e9, `${value}`][dice(7)]
  if (typeof value === 'string')
    return [`${value}x`, value.slice(1), value.toUpperCase(), value.repeat(50), value.length][dice(5)]
  return strange[dice(strange.length)]
}

function damagedList(list: readonly unknown[], dice: Dice): unknown {
  const at = dice(list.length + 1)
  if (at < list.length && dice(3) > 0) return list.with(at, damagedJson(list[at], dice))
  return dice(2) === 0 ? list.toSpliced(at, 1) : list.toSpliced(at, 0, list[0] ?? 1)
}

function damagedObject(object: object, dice: Dice): unknown {
  const entries = Object.entries(object)
  const at = dice(entries.length + 1)
  const [key, value] = entries[at] ?? [
    ['x', 'table', 'from', '__proto__', 'codes'][dice(5)]!,
    strange[dice(strange.length)],
  ]
  const way = dice(8)
  const rest = entries.filter(([name]) => name !== key)
  if (way === 0) return Object.fromEntries(rest)
  if (way === 1) return Object.fromEntries([...entries, [`${key}2`, value]])
  if (way === 2) return Object.fromEntries([...entries.slice(at + 1), ...entries.slice(0, at + 1)])
  const other = at < entries.length ? damagedJson(value, dice) : value
  return Object.fromEntries(
    entries.some(([name]) => name === key)
      ? entries.map(([name, old]) => [name, name === key ? other : old])
      : [...entries, [key, other]],
  )
}
