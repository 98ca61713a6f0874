// lenet: small convolutional image classifiers. What needs a file system is in lenet/node.

export { type Augmenter, type AugmentOptions, createAugmenter } from './data/augment.ts'
export { checkDataset } from './data/check.ts'
export type { Dataset, Splits } from './data/dataset.ts'
export { type HoldOut, holdOut, takeOfEveryClass, usualHoldOut } from './data/every-class.ts'
export { greyWhereGrey } from './data/grey.ts'
export { readNpzSet } from './data/npz-set.ts'
export { patterns } from './data/patterns.ts'
export { splitValidation, takeFirst } from './data/split.ts'
export { channelStatistics } from './data/statistics.ts'
export { type ConfusionOptions, drawConfusion } from './draw/confusion.ts'
export { type CurvesOptions, drawCurves } from './draw/curves.ts'
export { type DrawnImage, drawImages, type ImagesOptions } from './draw/images.ts'
export { drawKernels, type KernelsOptions } from './draw/kernels.ts'
export { drawReliability, type ReliabilityOptions } from './draw/reliability.ts'
export { drawSheet, type SheetOptions, type SheetPicture } from './draw/sheet.ts'
export { drawStructure, type StructureOptions } from './draw/structure.ts'
export {
  canShareMemory,
  type EngineName,
  type EngineOptions,
  engines,
  trainingEngine,
} from './engine/create-machine.ts'
export { sizeOf } from './engine/program.ts'
export type { Affine, Axis, BoundAccess, Value } from './equation/bound.ts'
export { parseEquation } from './equation/parse.ts'
export { latexEquation, printEquation } from './equation/print.ts'
export type { Access, Equation, Expression, Range, Reduction } from './equation/syntax.ts'
export type { Derived, Variable } from './equation/variable.ts'
export { FormatError, RunError, ShapeError, UsageError } from './errors.ts'
export { elementWise } from './explain/element-wise.ts'
export { summarise } from './explain/summarise.ts'
export type { LayerFacts, Summary } from './explain/summary.ts'
export {
  createFieldFinder,
  type Field,
  receptiveField,
  type Source,
  termValue,
  type UnitEquation,
  type UnitLoad,
  unitEquations,
} from './explain/unit.ts'
export {
  type Companion,
  modelEndings,
  type OpenedModel,
  type OpenOptions,
  openModel,
  saveModel,
  type WrittenModel,
} from './files/any-file.ts'
export type { ModelFile } from './files/check-model.ts'
export {
  describeNet,
  type LayerDescription,
  type NetDescription,
  netFrom,
  type OwnLayers,
} from './files/description.ts'
export type { ModelFacts } from './files/facts.ts'
export { type ReadModelOptions, readModel, writeModel } from './files/file.ts'
export type { ImportOptions } from './files/import-weights.ts'
export type { Mapping } from './files/match-arrays.ts'
export { type IdxArray, readIdx, writeIdx } from './formats/idx.ts'
export { readNpy, readNpz } from './formats/npy.ts'
export { isWasm } from './formats/wasm.ts'
export type { AvgPoolOptions } from './layers/avg-pool2d.ts'
export * from './layers/index.ts'
export {
  from,
  type Layer,
  type LayerConstructor,
  type LayerDefinition,
  type Layers,
  layer,
  type Reading,
} from './layers/layer.ts'
export type { PoolConstructor, PoolOptions } from './layers/max-pool2d.ts'
export { type Initialisation, initialise, type Weights } from './model/initialise.ts'
export { type Entry, model, type Net, type Parameter, parametersOf } from './model/model.ts'
export { weightsHash } from './model/weights-hash.ts'
export { modelNamed, zoo } from './model/zoo/index.ts'
export type { ZooOptions } from './model/zoo/lenet.ts'
export { type AdamOptions, adam, adamw } from './optimizers/adam.ts'
export type { Optimizer } from './optimizers/optimizer.ts'
export { type SdlmOptions, sdlm } from './optimizers/sdlm.ts'
export { type SgdOptions, sgd } from './optimizers/sgd.ts'
export type { GreyImage, InkBox } from './pictures/find-ink.ts'
export { fitDataset, isFramed } from './pictures/fit-to-model.ts'
export { type ImageShape, type Images, type Preparation, preparations } from './pictures/images.ts'
export type { Picture } from './pictures/picture.ts'
export { type DigitSteps, digitSteps, prepareDigit } from './pictures/prepare-digit.ts'
export { type Image, type Preparing, prepareImage } from './pictures/prepare-image.ts'
export { type Answers, createEvaluator, type Evaluation, type Evaluator } from './predict/evaluate.ts'
export {
  type Calibration,
  type CalibrationBin,
  type ClassMeasures,
  calibrationOf,
  classMeasures,
  macroF1,
  type Scored,
  topShare,
  wilsonInterval,
} from './predict/measures.ts'
export type { Normalisation } from './predict/normalisation.ts'
export { createObserver, type Observation, type Observer } from './predict/observe.ts'
export { type Prediction, probabilitiesOf, readingOf, usualLoss } from './predict/scores.ts'
export { type ModelParts, type TrainedModel, trainedModel } from './predict/trained-model.ts'
export { createRandom, type RandomPurpose, shuffledOrder } from './random/random.ts'
export { readWasm, type ShippedFacts, type ShippedModel } from './ship/read-wasm.ts'
export { writeWasm } from './ship/write-wasm.ts'
export { type Shape, Tensor } from './tensor.ts'
export {
  type BestEpoch,
  type Checkpoint,
  type Fingerprint,
  type RunningSums,
  readCheckpoint,
  writeCheckpoint,
} from './train/checkpoint.ts'
export type { DoneEvent, EpochEvent, StepEvent, StepResult, TrainEvent } from './train/events.ts'
export { defaults, type TrainOptions } from './train/options.ts'
export { createProbe, type EntryState, type Probe } from './train/probe.ts'
export {
  gentle,
  lecun1998Pixels,
  type OptimizerNumbers,
  optimizerNamed,
  type Recipe,
  recipe,
  recipeFor,
  recipes,
  suited,
} from './train/recipe.ts'
export {
  constant,
  cosine,
  lecun1998,
  oneCycle,
  type Schedule,
  scheduleNamed,
  schedules,
  stepwise,
} from './train/schedule.ts'
export { train } from './train/train.ts'
export type { TrainingRun } from './train/training-run.ts'
