// Against the others: training or inference at one batch size, everybody in one run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { summarise } from '../packages/lenet/src/explain/summarise.ts'
import { saveModel } from '../packages/lenet/src/files/any-file.ts'
import { initialise } from '../packages/lenet/src/model/initialise.ts'
import { trainedModel } from '../packages/lenet/src/predict/trained-model.ts'
import { benchNet } from './net.ts'
import type { Peaks } from './peaks.ts'
import { type Mode, ORT_NODE, ORT_WEB, PYTORCH, subjectsFor, threadCounts } from './subjects.ts'
import { share, table, times, whole } from './table.ts'
import { median, type Result, ratio, takeTurns } from './turns.ts'

/** Notes the version of every peer that was there. */
export async function comparePeers(mode: Mode, batch: number, setting: Setting): Promise<string> {
  const { channels = 3, peaks, versions } = setting
  const results = await withOnnx(channels, (onnx) => takeTurns(subjectsFor({ mode, batch, channels, onnx })))
  for (const { subject, version } of results) if (!subject.name.startsWith('lenet')) versions.set(subject.name, version)
  const operations = operationsOf(mode, channels)
  const columns = columnsFor(mode, results)
  const rows = results.map((result) => {
    const { subject, rates } = result
    const speed = median(rates) * operations
    return [
      subject.name,
      String(subject.threads),
      `${whole(median(rates))} (${whole(Math.min(...rates))}–${whole(Math.max(...rates))})`,
      (speed / 1e9).toFixed(1),
      share(speed / (peaks[subject.code] * subject.threads)),
      ...columns.map(({ base }) => times(base(result))),
    ]
  })
  const heads = ['', 'threads', 'images/s', 'GFLOP/s', 'of peak', ...columns.map(({ head }) => head)]
  const input = channels === 3 ? '' : `, images [${channels},32,32]`
  return `**${mode === 'training' ? 'Training' : 'Inference'}, batch ${batch}${input}**\n\n${table(heads, rows)}`
}

export interface Setting {
  readonly channels?: number
  readonly peaks: Peaks
  readonly versions: Map<string, string>
}

interface Column {
  readonly head: string
  /** How many times as fast as whom it is compared with. */
  readonly base: (result: Result) => number | undefined
}

function columnsFor(mode: Mode, results: readonly Result[]): Column[] {
  const of = (name: string): Result[] => results.filter(({ subject }) => subject.name === name)
  const alike = (name: string) => (result: Result) => {
    const other = of(name).find(({ subject }) => subject.threads === result.subject.threads)
    return other && ratio(result, other)
  }
  const best = (name: string) => (result: Result) => {
    const [other] = of(name).toSorted((a, b) => median(b.rates) - median(a.rates))
    return other && ratio(result, other)
  }
  if (mode === 'training')
    return [
      { head: PYTORCH, base: alike(PYTORCH) },
      ...(threadCounts.length > 1 ? [{ head: `${PYTORCH} at its best`, base: best(PYTORCH) }] : []),
    ]
  return [
    { head: PYTORCH, base: alike(PYTORCH) },
    { head: ORT_NODE, base: alike(ORT_NODE) },
    { head: `${ORT_WEB}, 1 thread`, base: best(ORT_WEB) },
  ]
}

/** Operations for an image: two a multiply-add; backward twice those of forward, but none for the gradient of the image. */
function operationsOf(mode: Mode, channels: number): number {
  const { multiplyAdds, layers } = summarise(benchNet(channels))
  return 2 * (mode === 'inference' ? multiplyAdds : 3 * multiplyAdds - layers[0]!.multiplyAdds)
}

/** The network as an ONNX file, while `work` lasts. */
async function withOnnx<T>(channels: number, work: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-bench-'))
  try {
    const net = benchNet(channels)
    const model = trainedModel({
      net,
      weights: initialise(net, 1),
      classes: [...'0123456789'],
      normalisation: { mean: Array(channels).fill(0), std: Array(channels).fill(1) },
      preparation: 'picture',
    })
    const path = join(folder, 'lenet.onnx')
    writeFileSync(path, saveModel(model, path).bytes)
    return await work(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
