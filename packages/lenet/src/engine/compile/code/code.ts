// Kernels as statements: the last form of a program before it is text or bytes. Every decision is taken; a printer is a
// table from these kinds to what its language says. Variables are known by name, and each is given once.
//
// A vector holds `across` elements of `samples` samples each (see `Lanes`). Addresses are pointers and constant offsets.
import type { Lanes } from '../storage.ts'

/** What a machine is good at: all that the lowering asks before it decides. */
export interface Target {
  readonly lanes: Lanes
  readonly blockBytes: number
  /** `moving`: pointers go on from turn to turn. `computed`: each is made from the counters where it is used. */
  readonly pointers: 'moving' | 'computed'
  /** Whether the lowering says which product is added with one rounding; a compiler may find them by itself. */
  readonly fuses: boolean
  /** Whether a tile whose samples are all there has code of its own, without loop and mask. */
  readonly wholeTiles: boolean
}

/** Where something lies. */
export interface Spot {
  readonly pointer: string
  readonly offset: number
}

/** How the elements of a vector lie in memory: one for all, side by side, or `stride` bytes apart. */
export interface Spread {
  readonly reach: 'broadcast' | 'neighbours' | 'scattered'
  /** An element is one float for all samples, or one for each sample of the block. */
  readonly isShared: boolean
  /** Elements that are there. */
  readonly count: number
  readonly stride: number
}

/** Vectors. */
export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'load'; readonly from: Spot; readonly spread: Spread }
  /** constant + counters × steps, and `ahead` more for each element of the vector. */
  | {
      readonly kind: 'index'
      readonly constant: number
      readonly moving: readonly (readonly [counter: string, step: number])[]
      readonly ahead: number
    }
  /** A primitive, or a function of the scalar table. */
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Value[] }
  | { readonly kind: 'choose'; readonly mask: Mask; readonly yes: Value; readonly no: Value }
  /** 0 where the mask is not. */
  | { readonly kind: 'keep'; readonly mask: Mask; readonly value: Value }
  /** a × b + c, rounded once. */
  | { readonly kind: 'fused'; readonly parts: readonly [Value, Value, Value] }
  /** Element `at` of what was turned. */
  | { readonly kind: 'turned'; readonly rows: string; readonly at: number }

/** All ones or all zeros in each lane. */
export type Mask =
  | { readonly kind: 'compare'; readonly sign: '<' | '==' | '!='; readonly parts: readonly [Value, Value] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly [Mask, Mask] }
  /** The samples of a block that are there. */
  | { readonly kind: 'present' }

export type Statement =
  /** A vector that keeps its value, one that may change, and such a change. */
  | { readonly kind: 'let' | 'var' | 'set'; readonly name: string; readonly value: Value }
  /** A pointer: another (or the function's parameter) + offset + counters × strides. */
  | {
      readonly kind: 'point'
      readonly name: string
      readonly origin: string
      readonly offset: number
      readonly moving: readonly (readonly [counter: string, stride: number])[]
    }
  | { readonly kind: 'move'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'loop'; readonly counter: string; readonly extent: number; readonly body: readonly Statement[] }
  /** From `first` below the parameter `end`, which may be none. */
  | {
      readonly kind: 'count'
      readonly counter: string
      readonly first: number
      readonly end: string
      readonly body: readonly Statement[]
    }
  /** The parameter `from` goes on by `step` bytes until `end`: at least once. */
  | {
      readonly kind: 'walk'
      readonly from: string
      readonly end: string
      readonly step: number
      readonly body: readonly Statement[]
    }
  /** Every block of the tile that has samples. `block` points to it; where pointers move, the body moves them. */
  | { readonly kind: 'blocks'; readonly block: string; readonly body: readonly Statement[] }
  /** Where the float is not 0. */
  | {
      readonly kind: 'when'
      readonly from: Spot
      readonly yes: readonly Statement[]
      readonly no: readonly Statement[]
    }
  /** Where so many samples of the tile are there. */
  | {
      readonly kind: 'present'
      readonly samples: number
      readonly yes: readonly Statement[]
      readonly no: readonly Statement[]
    }
  | { readonly kind: 'store'; readonly to: Spot; readonly spread: Spread; readonly value: Value }
  /** Added to what a share holds, or to +0 in its first tile. */
  | { readonly kind: 'onto'; readonly to: Spot; readonly spread: Spread; readonly name: string }
  /** The lanes of every vector are added as (0+2)+(1+3) (after its quarters, where it has four), then as `onto`. */
  | {
      readonly kind: 'join'
      readonly totals: readonly string[]
      readonly pointer: string
      readonly offsets: readonly number[]
      readonly count: number
      readonly stride: number
    }
  | { readonly kind: 'clear'; readonly to: Spot; readonly bytes: number }
  | { readonly kind: 'copy'; readonly to: Spot; readonly from: Spot; readonly bytes: number }
  /** So many bytes become floats. */
  | { readonly kind: 'widen'; readonly to: Spot; readonly from: Spot; readonly count: number }
  /** Rows of `samples` numbers, `stride` bytes apart, become as many columns of floats. */
  | {
      readonly kind: 'turn'
      readonly rows: string
      readonly from: Spot
      readonly stride: number
      readonly element: 'uint8' | 'float32'
    }
  /** The floats of one element go to as many places, `stride` bytes apart. */
  | { readonly kind: 'deal'; readonly to: Spot; readonly from: Spot; readonly stride: number }

/** Parameters by what they are: pointers, whole numbers, vectors. */
export interface CodeFunction {
  readonly name: string
  readonly about: string
  readonly role: 'sample' | 'meet' | 'pack' | 'unpack' | 'update' | 'scalar'
  readonly parameters: readonly string[]
  readonly body: readonly Statement[]
  /** What a function of the scalar table gives. */
  readonly result?: Value
}

/**
 * Parameters of each role. `block` is a block of samples, `tile` the first of a tile's; `isFirst` says that the share holds
 * nothing yet. `memory` is where addresses count from, for those who need to be told.
 */
export const parametersOf = {
  sample: ['block', 'memory'],
  meet: ['tile', 'memory', 'share', 'present', 'isFirst'],
  pack: ['block', 'outside'],
  unpack: ['block', 'outside'],
  update: ['memory', 'shares', 'count', 'at', 'end'],
} as const

/** Names that a function has not given yet. */
export class Names {
  readonly #counts = new Map<string, number>()

  fresh(stem: string): string {
    const count = this.#counts.get(stem) ?? 0
    this.#counts.set(stem, count + 1)
    return `${stem}${count}`
  }
}
