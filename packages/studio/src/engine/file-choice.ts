// What a model file does not say, and people choose: which of the models with its shapes it is, how pixels were scaled, what
// the classes are called, which array is which parameter.
import {
  type Companion,
  createEvaluator,
  type Dataset,
  fitDataset,
  isFramed,
  lecun1998Pixels,
  type Normalisation,
  type OpenedModel,
  openModel,
  usualLoss,
} from 'lenet'

export interface FileChoice {
  /** A name of the zoo. */
  readonly model?: string
  readonly normalisation?: Normalisation
  readonly classes?: readonly string[]
  /** Parameter → array of the file. */
  readonly map?: ReadonlyMap<string, string>
}

export const presetNames = ['none', 'mnist', 'half', 'imagenet', '1998'] as const
export type NormalisationName = (typeof presetNames)[number]

const grey: Readonly<Record<Exclude<NormalisationName, 'imagenet'>, readonly [mean: number, std: number]>> = {
  none: [0, 1],
  mnist: [0.1307, 0.3081],
  half: [0.5, 0.5],
  '1998': [lecun1998Pixels.mean[0]!, lecun1998Pixels.std[0]!],
}

/** As it is usually written; ImageNet's has three channels. */
export function normalisationNamed(name: NormalisationName, channels: number): Normalisation {
  if (name === 'imagenet') return { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
  const [mean, std] = grey[name]
  return { mean: new Array(channels).fill(mean), std: new Array(channels).fill(std) }
}

export const presetsFor = (channels: number): readonly NormalisationName[] =>
  presetNames.filter((name) => name !== 'imagenet' || channels === 3)

export function openChosen(
  bytes: Uint8Array,
  file: string,
  companion: Companion | undefined,
  { model, normalisation, classes, map }: FileChoice = {},
): OpenedModel {
  return openModel(bytes, file, {
    ...(companion && { companion }),
    ...(model !== undefined && { model }),
    ...(map && { map }),
    facts: { ...(normalisation && { normalisation }), ...(classes && { classes }) },
  })
}

/** The accuracy of a file on some images under every normalisation that is usual, in their order. */
export async function tryPresets({ net, weights }: OpenedModel, images: Dataset): Promise<number[]> {
  const shape = net.input as [number, number, number]
  const data = isFramed(images.shape, shape) ? images : fitDataset(images, shape)
  const evaluator = await createEvaluator(net, usualLoss(net), true, { threads: 1 })
  const accuracies: number[] = []
  try {
    for (const name of presetsFor(shape[0])) {
      accuracies.push(evaluator.run(weights, normalisationNamed(name, shape[0]), data).evaluation.accuracy)
      // A drawing may be waiting.
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  } finally {
    evaluator.close()
  }
  return accuracies
}
