// What a name in an equation stands for. Two accesses mean one tensor only where they hold the same variable: its name is
// for people, and two variables may have the same.

export interface Variable {
  /** `conv1.weight`; in messages, texts and files. */
  readonly name: string
  /**
   * A `sample` tensor exists once for each sample of the batch; a `shared` one once: parameters, settings, state. A
   * `constant` never changes, and a term in which a constant is a zero factor is no term.
   */
  readonly kind: 'sample' | 'shared' | 'constant'
  readonly shape: readonly number[]
  /** Values of a constant. */
  readonly data?: Float32Array
  /** What it is to another variable, where no layer wrote it down. */
  readonly derived?: Derived
}

export interface Derived {
  /**
   * `gradient`: how the loss changes with it. `winner`: where the first winner of a maximum stands among its candidates.
   * `part`: terms that are collected apart before they are added. `bordered`: a copy whose border holds −∞.
   */
  readonly as: 'gradient' | 'winner' | 'part' | 'bordered'
  readonly of: Variable
}

export const sampleVariable = (name: string, shape: readonly number[]): Variable => ({ name, kind: 'sample', shape })
export const sharedVariable = (name: string, shape: readonly number[]): Variable => ({ name, kind: 'shared', shape })

/** A new variable of the same shape; a part and a bordered copy exist for each sample. */
export function derive(of: Variable, as: Derived['as']): Variable {
  const name = as === 'gradient' ? `d_${of.name}` : `${of.name} (${as})`
  const kind = as === 'gradient' && of.kind === 'shared' ? 'shared' : 'sample'
  return { name, kind, shape: of.shape, derived: { as, of } }
}
