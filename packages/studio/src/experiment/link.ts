// A set-up as the fragment of an address, and back: `#train?data=mnist&activation=relu&…&hash=98f9db41…`. Everything that
// decides the weights stands in it, so that an old link keeps its meaning when the usual values change.
import { choices, type Setup, usual } from './setup.ts'

export interface Experiment {
  readonly setup: Setup
  /** The weights' hash that the sender got, or its beginning. */
  readonly hash?: string
}

const HASH_LENGTH = 16

export function writeLink({ setup, hash }: Experiment): string {
  const fields = new URLSearchParams()
  for (const [key, value] of Object.entries(setup))
    fields.set(key, value === true ? '1' : value === false ? '0' : `${value}`)
  if (hash !== undefined) fields.set('hash', hash.slice(0, HASH_LENGTH))
  return `#train?${fields}`
}

/** Undefined for a fragment that holds no experiment. What cannot be read is as usual. */
export function readLink(fragment: string): Experiment | undefined {
  const [, query] = fragment.split('?')
  const fields = new URLSearchParams(query ?? '')
  if (!fields.has('data')) return undefined
  const one = <T extends string | number>(key: keyof Setup, values: readonly T[], otherwise: T): T =>
    values.find((value) => `${value}` === fields.get(key)) ?? otherwise
  const number = (key: keyof Setup, otherwise: number, fits: (value: number) => boolean): number => {
    const value = Number(fields.get(key) ?? Number.NaN)
    return fits(value) ? value : otherwise
  }
  const whole = (least: number, most: number) => (value: number) =>
    Number.isInteger(value) && value >= least && value <= most
  const hash = fields.get('hash')?.toLowerCase()
  return {
    setup: {
      data: /^[\w-]{1,40}$/.test(fields.get('data')!) ? fields.get('data')! : usual.data,
      images: number('images', usual.images, whole(2, 10_000_000)),
      model: one('model', choices.model, usual.model),
      activation: one('activation', choices.activation, usual.activation),
      pooling: one('pooling', choices.pooling, usual.pooling),
      head: one('head', choices.head, usual.head),
      width: one('width', choices.width, usual.width as 1),
      optimizer: one('optimizer', choices.optimizer, usual.optimizer),
      lr: number('lr', usual.lr, (value) => value > 0 && value <= 10),
      schedule: one('schedule', choices.schedule, usual.schedule),
      batch: number('batch', usual.batch, whole(1, 1024)),
      epochs: number('epochs', usual.epochs, whole(1, 200)),
      seed: number('seed', usual.seed, whole(0, Number.MAX_SAFE_INTEGER)),
      augment: fields.get('augment') === '1',
    },
    ...(hash !== undefined && /^[0-9a-f]{8,64}$/.test(hash) && { hash }),
  }
}
