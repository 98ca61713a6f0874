// lenet/layers: what a layer of one's own is written with. A file of the catalogue needs nothing else, and is the model to
// copy: options, shapes, parameters, equations, and the counterpart in ONNX.

export { sizeOf } from '../engine/program.ts'
export { FormatError, ShapeError, UsageError } from '../errors.ts'
export type { Dtype, DtypeData, NamedArray, NamedArrays } from '../formats/arrays.ts'
export type { Shape } from '../tensor.ts'
export {
  area,
  axesOf,
  type ConstantSpec,
  type Example,
  fanIn,
  flattened,
  from,
  type Layer,
  type LayerConstructor,
  type LayerDefinition,
  type Layers,
  layer,
  type NoiseSpec,
  type ParameterSpec,
  READS,
  type Reading,
  rowMajor,
  slide,
  type Window,
} from './layer.ts'
export {
  alongAxis,
  type Extent,
  floats,
  integers,
  type OnnxForm,
  type OnnxReading,
  type OnnxSetting,
  type OnnxStep,
  type OnnxWriting,
  type ReadLayer,
  sameNode,
  scaled,
  transposed,
} from './onnx.ts'
export { readConvolution, readPooling, windowAttributes } from './onnx-window.ts'
export {
  count,
  type Defaulted,
  type Full,
  type FullOf,
  flag,
  type Given,
  type GivenOf,
  type Option,
  type Optional,
  type Options,
  type Pair,
  pair,
  type Rows,
  real,
  type Sides,
  shapeWithRest,
  table,
  text,
} from './options.ts'
