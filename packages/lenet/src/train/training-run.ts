// A run under way, as whoever trains sees it.

import type { Evaluation } from '../predict/evaluate.ts'
import type { TrainedModel } from '../predict/trained-model.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { TrainEvent } from './events.ts'

/** Iterate over it to train. */
export interface TrainingRun extends AsyncIterable<TrainEvent> {
  /** The weights as they are now, as a model; once training is complete, its result: with a validation set, `best`. */
  readonly trained: TrainedModel
  /** The model of the best validation accuracy so far, if there is a validation set. */
  readonly best: TrainedModel | undefined
  /** The result on the test set, once training is complete. */
  readonly evaluation: Evaluation | undefined
  /** Where training stands: between two steps, or after the last. */
  checkpoint(): Checkpoint
}
