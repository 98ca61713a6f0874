// The facts about a model as plain data: what `lenet summary` prints and what the structure figure draws.

export interface LayerFacts {
  /** The entry's name in the model, e.g. 'conv1'. */
  readonly name: string
  /** The layer's kind, e.g. 'conv2d'. */
  readonly layer: string
  /** Shape of one sample's output, e.g. [6, 28, 28]. */
  readonly output: readonly number[]
  readonly parameters: number
  readonly multiplyAdds: number
  readonly connections: number
  /** Rows and columns of the input that one unit sees; absent once a layer sees everything. */
  readonly receptiveField?: readonly [number, number]
  /** Input pixels between neighbouring units. */
  readonly jump?: readonly [number, number]
  /** Memory of the output, one sample, float32. */
  readonly bytes: number
}

export interface Summary {
  readonly input: readonly number[]
  readonly layers: readonly LayerFacts[]
  readonly parameters: number
  readonly multiplyAdds: number
  readonly connections: number
  readonly bytes: number
}
