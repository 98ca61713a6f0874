// The training loop: feed, compute, update, report. While one batch is computed the next is fed.
import type { Dataset, Splits } from '../data/dataset.ts'
import { type EngineName, trainingEngine } from '../engine/create-machine.ts'
import { RunError, UsageError } from '../errors.ts'
import { objectOf } from '../formats/json-fields.ts'
import { initialise, type Weights } from '../model/initialise.ts'
import type { Net } from '../model/model.ts'
import { weightsHash } from '../model/weights-hash.ts'
import { createEvaluator, type Evaluation, type Evaluator } from '../predict/evaluate.ts'
import { readingOf } from '../predict/scores.ts'
import { type TrainedModel, trainedModel } from '../predict/trained-model.ts'
import { checkResume } from './check-resume.ts'
import type { BestEpoch, Checkpoint, Fingerprint, RunningSums } from './checkpoint.ts'
import { type CurvatureMeter, createCurvatureMeter } from './curvature.ts'
import type { DoneEvent, EpochEvent, StepEvent, TrainEvent } from './events.ts'
import { fingerprintOf } from './fingerprint.ts'
import { completeTrainOptions, type FullTrainOptions, type TrainOptions } from './options.ts'
import { prepareSetting, type Setting } from './setting.ts'
import { createStepper, type Stepper, type StepperParts } from './stepper.ts'
import type { TrainingRun } from './training-run.ts'

/**
 * Trains a network; nothing happens until the result is iterated.
 * @param data training images, those to choose the best epoch with, and test images that are read once, at the end.
 * @throws UsageError for options and for a checkpoint of another run, ShapeError for images of another shape than the
 * model's input; while iterating, the signal's reason when it is aborted, and RunError when the loss is no longer a number.
 *
 * @example
 * const run = train(net, data, { epochs: 3, optimizer: sgd({ lr: 0.05, momentum: 0.9 }), seed: 1 })
 * for await (const event of run) if (event.event === 'epoch') console.log(event.trainAccuracy)
 * const { label } = run.trained.predict(image)
 */
export function train(net: Net, data: Splits | Dataset, options: TrainOptions = {}): TrainingRun {
  const given = objectOf(data, 'data', (problem) => new UsageError(`train: ${problem}`))
  const splits = 'train' in given ? (data as Splits) : { train: data as Dataset }
  return new Run(net, splits, completeTrainOptions(options, net, splits.validation !== undefined))
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => (typeof setImmediate === 'function' ? setImmediate(resolve) : setTimeout(resolve, 0)))

class Run implements TrainingRun {
  readonly #setting: Setting
  readonly #options: FullTrainOptions
  #stepper: Stepper | undefined
  #evaluator: Evaluator | undefined
  #curvature: CurvatureMeter | undefined
  #epoch = 0
  #step = 0
  #running: RunningSums = { loss: 0, right: 0, samples: 0 }
  #best: BestEpoch | undefined
  #testEvaluation: Evaluation | undefined
  #memory: number[]
  #weights: Weights
  #optimizerState = new Map<string, Float32Array>()
  #secondsBefore = 0
  #began = 0
  #isDone = false
  #fingerprint: Fingerprint | undefined

  constructor(net: Net, splits: Splits, options: FullTrainOptions) {
    this.#options = options
    this.#setting = prepareSetting(net, splits, options)
    const { resume, seed } = options
    this.#memory = [...(resume?.memory ?? options.optimizer.memory)]
    this.#weights = resume?.weights ?? options.weights ?? initialise(net, seed, options.initialisation)
    if (resume) this.#continueFrom(resume)
  }

  #continueFrom(checkpoint: Checkpoint): void {
    checkResume(checkpoint, this.#setting, this.#options, () => this.#begunWith())
    const { epoch, step, running, best, state, seconds } = checkpoint
    this.#epoch = epoch
    this.#step = step
    this.#running = running
    this.#best = best
    this.#optimizerState = new Map(state)
    this.#secondsBefore = seconds
  }

  /** Computed once, when it is first asked for: it reads all images. */
  #begunWith(): Fingerprint {
    this.#fingerprint ??= fingerprintOf(this.#setting, this.#options)
    return this.#fingerprint
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
      fingerprint: this.#begunWith(),
    }
  }

  get trained(): TrainedModel {
    this.#readMachine()
    return this.#asModel(this.#isDone ? this.#result : this.#weights)
  }

  /** The weights that the run is about: the best by validation, or the last. */
  get #result(): Weights {
    return this.#best?.weights ?? this.#weights
  }

  get evaluation(): Evaluation | undefined {
    return this.#testEvaluation
  }

  get best(): TrainedModel | undefined {
    return this.#best && this.#asModel(this.#best.weights)
  }

  #asModel(weights: Weights): TrainedModel {
    const { classes, preparation } = this.#setting.train
    return trainedModel({
      net: this.#setting.net,
      weights,
      classes,
      normalisation: this.#setting.normalisation,
      preparation: this.#options.preparation ?? preparation ?? 'picture',
    })
  }

  get #seconds(): number {
    return this.#secondsBefore + (this.#began === 0 ? 0 : (performance.now() - this.#began) / 1000)
  }

  #readMachine(): void {
    if (this.#stepper === undefined) return
    this.#weights = this.#stepper.readWeights()
    this.#optimizerState = this.#stepper.readState()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrainEvent, void> {
    this.#stepper = await this.#start()
    this.#began = performance.now()
    try {
      while (this.#epoch < this.#options.epochs && !this.#isOver()) {
        yield* this.#trainEpoch()
        yield await this.#endEpoch()
      }
      this.#readMachine()
      const event = await this.#finish()
      this.#isDone = true
      yield event
    } finally {
      this.#secondsBefore = this.#seconds
      this.#began = 0
      this.#readMachine()
      this.#stepper.close()
      this.#evaluator?.close()
      this.#curvature?.close()
      this.#stepper = undefined
    }
  }

  /** Engines agree to the last bit: measuring may be fast where learning is slow on purpose. */
  async #startEvaluator(): Promise<Evaluator> {
    const { loss, threads = 1, engine, fast = false } = this.#options
    const create = (name: EngineName) =>
      createEvaluator(this.#setting.net, loss, this.#setting.isBytes, { threads, fast, engine: name })
    if (engine === 'reference') return create('auto').catch(() => create('reference'))
    return create(trainingEngine(engine)).catch(() => create('auto'))
  }

  async #start(): Promise<Stepper> {
    const options = this.#options
    const parts: StepperParts = {
      ...this.#setting,
      seed: options.seed,
      classes: this.#setting.train.classes.length,
      reading: readingOf(this.#setting.net),
      weights: this.#weights,
      optimizerState: this.#optimizerState,
    }
    if (options.optimizer.curvature) this.#curvature = await createCurvatureMeter(this.#setting, options)
    return createStepper(parts, options.batch, options)
  }

  async *#trainEpoch(): AsyncGenerator<StepEvent, void> {
    const began = performance.now()
    const before = this.#running.samples
    let told = began
    if (this.#curvature && this.#step === 0)
      this.#stepper!.writeState('scale', this.#curvature.scale(this.#stepper!.readWeights(), this.#epoch))
    if (this.#step < this.#setting.feeder.steps) this.#stepper!.feed(this.#epoch, this.#step)
    while (this.#step < this.#setting.feeder.steps) {
      this.#runStep()
      const now = performance.now()
      if (now - told >= this.#options.beat || this.#options.signal?.aborted) {
        told = now
        yield this.#stepEvent((this.#running.samples - before) / ((now - began) / 1000))
        await nextTurn()
        this.#options.signal?.throwIfAborted()
      }
    }
    this.#lastRate = (this.#running.samples - before) / ((performance.now() - began) / 1000)
  }

  #lastRate = 0

  #runStep(): void {
    const settings = this.#options.optimizer.settings(this.#learningRate(), this.#memory)
    const result = this.#stepper!.run(this.#epoch, this.#step, settings)
    const { loss, right, samples } = this.#running
    this.#running = { loss: loss + result.loss, right: right + result.right, samples: samples + result.samples }
    this.#step++
    this.#options.onStep?.({
      epoch: this.#epoch + 1,
      step: this.#step,
      loss: result.loss / result.samples,
      right: result.right,
      samples: result.samples,
    })
    if (!Number.isFinite(result.loss)) throw this.#diverged(result.loss)
  }

  #diverged(loss: number): RunError {
    const place = `epoch ${this.#epoch + 1}, step ${this.#step} of ${this.#setting.feeder.steps}`
    return new RunError(
      `train: the loss is ${loss} in ${place}; training has diverged`,
      `try a learning rate below ${this.#options.optimizer.lr}`,
    )
  }

  /** For the step after `step`. */
  #learningRate(step = this.#step): number {
    const { optimizer, schedule, epochs } = this.#options
    const { steps } = this.#setting.feeder
    return optimizer.lr * schedule.factor(this.#epoch * steps + step, epochs * steps, this.#epoch)
  }

  #stepEvent(imagesPerSecond: number): StepEvent {
    const { loss, right, samples } = this.#running
    return {
      event: 'step',
      epoch: this.#epoch + 1,
      epochs: this.#options.epochs,
      step: this.#step,
      steps: this.#setting.feeder.steps,
      loss: loss / samples,
      accuracy: right / samples,
      imagesPerSecond,
    }
  }

  async #endEpoch(): Promise<EpochEvent> {
    const { loss, right, samples } = this.#running
    const learningRate = this.#learningRate(this.#step - 1)
    if (this.#setting.validation) this.#readMachine()
    const validation = this.#setting.validation && (await this.#evaluate(this.#setting.validation, this.#weights))
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

  async #evaluate(data: Dataset, weights: Weights) {
    const from = performance.now()
    this.#evaluator ??= await this.#startEvaluator()
    // A compiler's time is not training's.
    this.#began += performance.now() - from
    return this.#evaluator.run(weights, this.#setting.normalisation, data).evaluation
  }

  #isOver(): boolean {
    const { patience } = this.#options
    return patience !== undefined && this.#best !== undefined && this.#epoch - this.#best.epoch >= patience
  }

  async #finish(): Promise<DoneEvent> {
    const { epochs, patience } = this.#options
    const { test } = this.#setting
    this.#testEvaluation = test && (await this.#evaluate(test, this.#result))
    const { accuracy, errors, loss } = this.#testEvaluation ?? {}
    return {
      event: 'done',
      epochs: this.#epoch,
      ...(this.#best && { bestEpoch: this.#best.epoch, validationAccuracy: this.#best.accuracy }),
      ...(this.#epoch < epochs && { noBetterFor: patience! }),
      ...(test && { testAccuracy: accuracy!, testErrors: errors!, testLoss: loss! }),
      weightsHash: await weightsHash(this.#setting.net, this.#result),
      seconds: this.#seconds,
    }
  }
}
