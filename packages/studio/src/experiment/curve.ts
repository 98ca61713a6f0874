// Loss and accuracy of a run, made of every step. A point is the mean over a fixed number of steps, which follows from the
// set-up alone: so the same run has the same curve on a fast machine and on a busy one.

export interface Curve {
  readonly loss: readonly number[]
  /** Share of the images that were answered rightly, before each update. */
  readonly accuracy: readonly number[]
}

export const noCurve: Curve = { loss: [], accuracy: [] }

/** How many steps a run has, and how many of them make a point. */
export interface CurveScale {
  readonly stepsPerEpoch: number
  readonly steps: number
  readonly every: number
}

const MOST_POINTS = 1500

export function curveScale(stepsPerEpoch: number, epochs: number): CurveScale {
  const steps = stepsPerEpoch * epochs
  return { stepsPerEpoch, steps, every: Math.ceil(steps / MOST_POINTS) }
}

/** In epochs: where the steps of each point end. */
export const progressOf = ({ loss }: Curve, { every, steps, stepsPerEpoch }: CurveScale): number[] =>
  loss.map((_, at) => Math.min(steps, (at + 1) * every) / stepsPerEpoch)

export interface Step {
  readonly loss: number
  readonly right: number
  readonly samples: number
}

interface Sums extends Step {
  readonly steps: number
}

const nothing: Sums = { loss: 0, right: 0, samples: 0, steps: 0 }

/** Where a recorder stands: so many points, and the sums of one that has begun. */
export interface Mark {
  readonly points: number
  readonly sums: Sums
}

export interface Recorder {
  add(step: Step): void
  mark(): Mark
  /** Forgets what came after. */
  backTo(mark: Mark): void
  /** The points from one on; the last may have begun only, once the run is over. */
  from(point: number): Curve
  /** Ends the point that has begun. */
  end(): void
}

export function createRecorder(every: number): Recorder {
  const loss: number[] = []
  const accuracy: number[] = []
  let sums = nothing
  const end = (): void => {
    if (sums.steps === 0) return
    loss.push(sums.loss / sums.samples)
    accuracy.push(sums.right / sums.samples)
    sums = nothing
  }
  return {
    add: (step) => {
      sums = {
        loss: sums.loss + step.loss * step.samples,
        right: sums.right + step.right,
        samples: sums.samples + step.samples,
        steps: sums.steps + 1,
      }
      if (sums.steps === every) end()
    },
    mark: () => ({ points: loss.length, sums }),
    backTo: (mark) => {
      loss.length = mark.points
      accuracy.length = mark.points
      sums = mark.sums
    },
    from: (point) => ({ loss: loss.slice(point), accuracy: accuracy.slice(point) }),
    end,
  }
}

/** A tenth of an epoch: single batches differ more than what is to be seen. */
export const smoothing = ({ stepsPerEpoch, every }: CurveScale): number =>
  Math.max(1, Math.round(stepsPerEpoch / every / 10))

/** The mean over the last `window` points, at every point. */
export function smoothed(values: readonly number[], window: number): number[] {
  return values.map((_, at) => {
    const some = values.slice(Math.max(0, at + 1 - window), at + 1)
    return some.reduce((sum, value) => sum + value, 0) / some.length
  })
}

export const upToPoint = ({ loss, accuracy }: Curve, point: number): Curve => ({
  loss: loss.slice(0, point),
  accuracy: accuracy.slice(0, point),
})

export const joined = (one: Curve, next: Curve): Curve => ({
  loss: [...one.loss, ...next.loss],
  accuracy: [...one.accuracy, ...next.accuracy],
})
