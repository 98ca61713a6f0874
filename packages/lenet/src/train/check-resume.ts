// Whether a checkpoint belongs to the run that shall go on from it.
import { rowSize, sizeOf } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { parametersOf } from '../model/model.ts'
import type { Checkpoint, Fingerprint } from './checkpoint.ts'
import { checkFingerprint } from './fingerprint.ts'
import type { FullTrainOptions } from './options.ts'
import type { Setting } from './setting.ts'

/** @throws UsageError naming what is different. `fingerprint` is computed only where the checkpoint has one. */
export function checkResume(
  checkpoint: Checkpoint,
  setting: Setting,
  options: FullTrainOptions,
  fingerprint: () => Fingerprint,
): void {
  const { seed, memory, weights, state, best } = checkpoint
  if (seed !== options.seed) throw new UsageError(`train: the checkpoint has seed ${seed}, not ${options.seed}`)
  if (checkpoint.fingerprint !== undefined) checkFingerprint(checkpoint.fingerprint, fingerprint())
  const parameters = new Map(parametersOf(setting.net).map(({ name, shape }) => [name, sizeOf(shape)]))
  checkArrays('weights', weights, parameters)
  if (best) checkArrays('best weights', best.weights, parameters)
  const { program } = setting.plan
  const size = rowSize(program)
  const kept = new Map([...(program.update?.state.keys() ?? [])].map((name) => [name, size]))
  checkArrays(`state of ${options.optimizer.name}`, state, kept)
  const numbers = options.optimizer.memory.length
  if (memory.length !== numbers || !memory.every(Number.isFinite))
    throw new UsageError(
      `train: the checkpoint remembers [${memory}]; optimizer ${options.optimizer.name} has ${numbers} numbers`,
    )
  checkPosition(checkpoint, setting, options)
}

function checkArrays(
  what: string,
  arrays: ReadonlyMap<string, Float32Array>,
  wanted: ReadonlyMap<string, number>,
): void {
  const strange = [...arrays.keys()].find((name) => !wanted.has(name))
  if (strange !== undefined)
    throw new UsageError(
      `train: the checkpoint's ${what} hold '${strange}'; wanted is ${[...wanted.keys()].join(', ') || 'nothing'}`,
    )
  for (const [name, size] of wanted) {
    const array = arrays.get(name)
    if (!(array instanceof Float32Array) || array.length !== size)
      throw new UsageError(
        `train: the checkpoint's ${what} have ${array?.length ?? 'no'} numbers for '${name}'; wanted are ${size}`,
      )
  }
}

function checkPosition(
  { epoch, step, running, best }: Checkpoint,
  { feeder, validation }: Setting,
  options: FullTrainOptions,
): void {
  const place = `epoch ${epoch}, step ${step}`
  const isWithin = (value: number, most: number) => Number.isInteger(value) && value >= 0 && value <= most
  if (!isWithin(epoch, options.epochs) || !isWithin(step, epoch === options.epochs ? 0 : feeder.steps))
    throw new UsageError(
      `train: the checkpoint stands at ${place}; the run has ${options.epochs} epochs of ${feeder.steps} steps`,
    )
  let samples = 0
  for (let done = 0; done < step; done++) samples += feeder.samplesIn(done)
  if (running.samples !== samples || !isWithin(running.right, samples) || !Number.isFinite(running.loss))
    throw new UsageError(
      `train: the checkpoint counts ${running.right} right of ${running.samples} samples at ${place}; there are ${samples}`,
    )
  const hasBest = validation !== undefined && epoch > 0
  if ((best !== undefined) !== hasBest || (best && !(isWithin(best.epoch - 1, epoch - 1) && isShare(best.accuracy))))
    throw new UsageError(
      `train: the checkpoint's best epoch is ${best ? `${best.epoch} with ${best.accuracy}` : 'missing'} at ${place}`,
    )
}

const isShare = (value: number): boolean => value >= 0 && value <= 1
