// The training loop: feed, compute, update, report. While one batch is computed the next is fed.
import { createAugmenter } from '../data/augment.ts'
import { createFeeder, type Feeder } from '../data/batches.ts'
import { checkDataset } from '../data/check.ts'
import type { Dataset, Splits } from '../data/dataset.ts'
import { splitValidation } from '../data/split.ts'
import { channelStatistics } from '../data/statistics.ts'
import { createMachine } from '../engine/create-machine.ts'
import { type Machine, sizeOf } from '../engine/program.ts'
import { DivergenceError, ShapeError, UsageError } from '../errors.ts'
import { type Net, parametersOf } from '../model/model.ts'
import { names, type Plan, planTraining } from '../model/plan.ts'
import { weightsHash } from '../model/weights-hash.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { createRandom } from '../random/random.ts'
import type { Best, Checkpoint, Running } from './checkpoint.ts'
import { createEvaluator, type Evaluator } from './evaluate.ts'
import type { DoneEvent, EpochEvent, StepEvent } from './events.ts'
import { initialise, type Weights } from './initialise.ts'
import { type Normalisation, writeNormalisation } from './normalisation.ts'
import { completeTrainOptions, type FullTrainOptions, type TrainOptions } from './options.ts'
import { bestOf, readingOf } from './scores.ts'
import { type TrainedModel, trainedModel } from './trained-model.ts'

export type TrainEvent = StepEvent | EpochEvent | DoneEvent

/** A run under way: iterate over it to train. */
export interface TrainingRun extends AsyncIterable<TrainEvent> {
  /** The weights as they are now, as a model. */
  readonly trained: TrainedModel
  /** The model of the best validation accuracy so far, if there is a validation set. */
  readonly best: TrainedModel | undefined
  /** Where training stands: between two steps, or after the last. */
  checkpoint(): Checkpoint
}

/**
 * Trains a network; nothing happens until the result is iterated.
 * @param data training images, and test images that are read once, at the end, for the last model.
 * @throws (while iterating) UsageError for options, ShapeError for images of another shape than the model's input, the
 * signal's reason when it is aborted, and DivergenceError when the loss is no longer a number.
 *
 * @example
 * const run = train(net, data, { epochs: 3, optimizer: sgd({ lr: 0.05, momentum: 0.9 }), seed: 1 })
 * for await (const event of run) if (event.event === 'epoch') console.log(event.trainAccuracy)
 * const { label } = run.trained.predict(image)
 */
export function train(net: Net, data: Splits | Dataset, options: TrainOptions = {}): TrainingRun {
  return new Run(net, 'train' in data ? data : { train: data }, completeTrainOptions(options))
}

/** How often progress is told, in milliseconds; the event loop gets its turn then, too. */
const BEAT = 100

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => (typeof setImmediate === 'function' ? setImmediate(resolve) : setTimeout(resolve, 0)))

class Run implements TrainingRun {
  readonly #net: Net
  readonly #options: FullTrainOptions
  readonly #data: Dataset
  readonly #validation: Dataset | undefined
  readonly #test: Dataset | undefined
  readonly #normalisation: Normalisation
  readonly #plan: Plan
  readonly #feeder: Feeder
  readonly #state: readonly string[]
  #machine: Machine | undefined
  #evaluator: Evaluator | undefined
  #epoch = 0
  #step = 0
  #running: Running = { loss: 0, right: 0, samples: 0 }
  #best: Best | undefined
  #memory: number[]
  #weights: Weights
  #optimizerState = new Map<string, Float32Array>()
  #secondsBefore = 0
  #began = 0

  constructor(net: Net, { train, test }: Splits, options: FullTrainOptions) {
    this.#net = net
    this.#options = options
    checkDataset(train, { trainOn: true })
    if (train.shape.join() !== net.input.join())
      throw new ShapeError(
        `train: an image of ${train.name} is [${train.shape}] but the model takes [${net.input}]`,
        `fitDataset(data, [${net.input}]) pads or resamples images`,
      )
    const outputs = net.entries.at(-1)!.output
    if (outputs.length !== 1 || outputs[0] !== train.classes.length)
      throw new ShapeError(
        `train: the model gives [${outputs}] scores but ${train.name} has ${train.classes.length} classes`,
      )
    const { validation, seed, resume } = options
    const split =
      validation > 0
        ? splitValidation(train, validation, createRandom(seed, 'split'))
        : { train, validation: undefined }
    this.#data = split.train
    this.#validation = split.validation
    this.#test = test
    this.#normalisation = options.normalisation ?? channelStatistics(split.train)
    const augment = options.augment && createAugmenter(options.augment, split.train.shape)
    if (augment && !this.#isBytes)
      throw new UsageError(`train: augmentation works on bytes, and ${train.name} holds floats`)
    this.#feeder = createFeeder(split.train, options.batch, seed, augment)
    this.#plan = this.#makePlan()
    this.#state = this.#plan.program.update?.state ?? []
    this.#memory = [...(resume?.memory ?? options.optimizer.memory)]
    this.#weights = resume?.weights ?? options.weights ?? initialise(net, seed, options.initialisation)
    if (resume) this.#continueFrom(resume)
  }

  get #isBytes(): boolean {
    return this.#data.pixels instanceof Uint8Array
  }

  #makePlan(): Plan {
    const { loss, labelSmoothing, optimizer, frozen } = this.#options
    const trained = parametersOf(this.#net).filter(({ name }) => !frozen?.has(name))
    const size = trained.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    return planTraining(this.#net, this.#isBytes ? 'uint8' : 'float32', {
      loss,
      labelSmoothing,
      frozen,
      update: planUpdate(optimizer, size),
    })
  }

  #continueFrom({ seed, epoch, step, running, best, state, seconds }: Checkpoint): void {
    if (seed !== this.#options.seed)
      throw new UsageError(`train: the checkpoint has seed ${seed}, not ${this.#options.seed}`)
    this.#epoch = epoch
    this.#step = step
    this.#running = running
    this.#best = best
    this.#optimizerState = new Map(state)
    this.#secondsBefore = seconds
  }

  checkpoint(): Checkpoint {
    this.#readMachine()
    return {
      epoch: this.#epoch,
      step: this.#step,
      seed: this.#options.seed,
      weights: this.#weights,
      state: this.#optimizerState,
      memory: [...this.#memory],
      running: this.#running,
      best: this.#best,
      seconds: this.#seconds,
    }
  }

  get trained(): TrainedModel {
    this.#readMachine()
    return this.#asModel(this.#weights)
  }

  get best(): TrainedModel | undefined {
    return this.#best && this.#asModel(this.#best.weights)
  }

  #asModel(weights: Weights): TrainedModel {
    const { classes, preparation } = this.#data
    return trainedModel({
      net: this.#net,
      weights,
      classes,
      normalisation: this.#normalisation,
      preparation: this.#options.preparation ?? preparation ?? 'picture',
    })
  }

  get #seconds(): number {
    return this.#secondsBefore + (this.#began === 0 ? 0 : (performance.now() - this.#began) / 1000)
  }

  #readMachine(): void {
    const machine = this.#machine
    if (machine === undefined) return
    const trained = new Set(this.#plan.program.parameters)
    this.#weights = new Map(
      parametersOf(this.#net).map(({ name }) => [
        name,
        trained.has(name) ? machine.read(name) : this.#weights.get(name)!,
      ]),
    )
    this.#optimizerState = new Map(this.#state.map((name) => [name, machine.read(name)]))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrainEvent, void> {
    this.#began = performance.now()
    this.#machine = await this.#start()
    try {
      while (this.#epoch < this.#options.epochs && !this.#isOver()) {
        yield* this.#trainEpoch()
        yield this.#endEpoch()
      }
      this.#readMachine()
      yield await this.#finish()
    } finally {
      this.#secondsBefore = this.#seconds
      this.#began = 0
      this.#readMachine()
      this.#machine.close()
      this.#evaluator?.close()
      this.#machine = undefined
    }
  }

  async #start(): Promise<Machine> {
    const { options, plan } = { options: this.#options, plan: this.#plan }
    const machine = await createMachine(plan.program, options.batch, options)
    for (const [name, values] of this.#weights) if (plan.program.tensors.has(name)) machine.write(name, values)
    for (const name of this.#state)
      if (this.#optimizerState.has(name)) machine.write(name, this.#optimizerState.get(name)!)
    writeNormalisation(machine, this.#normalisation, this.#isBytes)
    if (this.#validation || this.#test)
      this.#evaluator = await createEvaluator(this.#net, options.loss, this.#isBytes, options)
    return machine
  }

  async *#trainEpoch(): AsyncGenerator<StepEvent, void> {
    const began = performance.now()
    const before = this.#running.samples
    let told = began
    this.#feed(this.#step)
    while (this.#step < this.#feeder.steps) {
      this.#runStep()
      const now = performance.now()
      if (now - told > BEAT || this.#options.signal?.aborted) {
        told = now
        yield this.#stepEvent((this.#running.samples - before) / ((now - began) / 1000))
        await nextTurn()
        this.#options.signal?.throwIfAborted()
      }
    }
    this.#lastRate = (this.#running.samples - before) / ((performance.now() - began) / 1000)
  }

  #lastRate = 0

  #feed(step: number): void {
    const slot = (step & 1) as 0 | 1
    const machine = this.#machine!
    this.#feeder.fill(
      this.#epoch,
      step,
      machine.input(names.pixels, slot),
      machine.input(names.label, slot) as Float32Array,
    )
    if (this.#plan.noise.size > 0) this.#drawNoise(step, slot)
  }

  #drawNoise(step: number, slot: 0 | 1): void {
    const inputs = [...this.#plan.noise].map(([name, { shape, value }]) => ({
      values: this.#machine!.input(name, slot),
      size: sizeOf(shape),
      value,
    }))
    this.#feeder.indices(this.#epoch, step).forEach((index, row) => {
      const random = createRandom(this.#options.seed, 'noise', this.#epoch, index)
      for (const { values, size, value } of inputs)
        for (let at = 0; at < size; at++) values[row * size + at] = value(random())
    })
  }

  #runStep(): void {
    const machine = this.#machine!
    const step = this.#step
    const samples = this.#feeder.samplesIn(step)
    const { optimizer } = this.#options
    machine.write(names.weight, [1 / samples])
    for (const [name, value] of Object.entries(optimizer.settings(this.#learningRate(), this.#memory)))
      machine.write(name, [value])
    machine.start(samples, (step & 1) as 0 | 1)
    if (step + 1 < this.#feeder.steps) this.#feed(step + 1)
    machine.finish()
    this.#count(samples)
    this.#step++
  }

  #learningRate(): number {
    const { optimizer, schedule, epochs } = this.#options
    const { steps } = this.#feeder
    return optimizer.lr * schedule.factor(this.#epoch * steps + this.#step, epochs * steps, this.#epoch)
  }

  #count(samples: number): void {
    const losses = this.#machine!.output(names.loss)
    const scores = this.#machine!.output(this.#plan.scores)
    const labels = this.#machine!.input(names.label, (this.#step & 1) as 0 | 1)
    const classes = this.#data.classes.length
    const reading = readingOf(this.#net)
    let { loss, right } = this.#running
    for (let n = 0; n < samples; n++) {
      loss += losses[n]!
      if (bestOf(scores, n * classes, classes, reading) === labels[n]) right++
    }
    this.#running = { loss, right, samples: this.#running.samples + samples }
    if (!Number.isFinite(loss))
      throw new DivergenceError(
        `train: the loss is ${loss} in epoch ${this.#epoch + 1}, step ${this.#step + 1} of ${this.#feeder.steps}; training has diverged`,
        `try a learning rate below ${this.#options.optimizer.lr}`,
      )
  }

  #stepEvent(imagesPerSecond: number): StepEvent {
    const { loss, right, samples } = this.#running
    return {
      event: 'step',
      epoch: this.#epoch + 1,
      epochs: this.#options.epochs,
      step: this.#step,
      steps: this.#feeder.steps,
      loss: loss / samples,
      accuracy: right / samples,
      imagesPerSecond,
    }
  }

  #endEpoch(): EpochEvent {
    const { loss, right, samples } = this.#running
    const learningRate = this.#learningRate()
    const validation = this.#validation && this.#evaluate(this.#validation)
    const event: EpochEvent = {
      event: 'epoch',
      epoch: this.#epoch + 1,
      epochs: this.#options.epochs,
      trainLoss: loss / samples,
      trainAccuracy: right / samples,
      ...(validation && { validationLoss: validation.loss, validationAccuracy: validation.accuracy }),
      learningRate,
      imagesPerSecond: this.#lastRate,
      seconds: this.#seconds,
    }
    this.#epoch++
    this.#step = 0
    this.#running = { loss: 0, right: 0, samples: 0 }
    if (validation && (this.#best === undefined || validation.accuracy > this.#best.accuracy))
      this.#best = { epoch: this.#epoch, accuracy: validation.accuracy, weights: this.#weights }
    return event
  }

  #evaluate(data: Dataset) {
    this.#readMachine()
    return this.#evaluator!.run(this.#weights, this.#normalisation, data).evaluation
  }

  #isOver(): boolean {
    const { patience } = this.#options
    return patience !== undefined && this.#best !== undefined && this.#epoch - this.#best.epoch >= patience
  }

  async #finish(): Promise<DoneEvent> {
    const test = this.#test && this.#evaluate(this.#test)
    return {
      event: 'done',
      epochs: this.#epoch,
      ...(test && { testAccuracy: test.accuracy, testErrors: test.errors, testLoss: test.loss }),
      weightsHash: await weightsHash(this.#net, this.#weights),
      seconds: this.#seconds,
    }
  }
}
