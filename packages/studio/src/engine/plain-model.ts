// A model as it can cross between threads, and back.
import { describeNet, type ModelFile, type NetDescription, netFrom } from 'lenet'

export interface PlainModel extends Omit<ModelFile, 'net'> {
  readonly net: NetDescription
}

export const toPlain = ({ net, weights, classes, normalisation, preparation }: ModelFile): PlainModel => ({
  net: describeNet(net),
  weights,
  classes,
  normalisation,
  preparation,
})

export const fromPlain = ({ net, ...rest }: PlainModel): ModelFile => ({ net: netFrom(net, 'model'), ...rest })
