// ReLU that ends at six: MobileNet's, whose values fit into few bits.
import { layer } from './layer.ts'
import { floats } from './onnx.ts'

/** min(max(x, 0), 6), as in PyTorch's `nn.ReLU6`: flat, also at 0 and 6 themselves. */
export const relu6 = layer({
  name: 'relu6',
  summary: 'Zero for negative values, six above six, the value itself between them.',
  options: {},
  output: (input) => input,
  equations: ['t[...] = relu(x[...])', 'y[...] = t[...] == 6 ? 6 : min(t[...], 6)'],
  onnx: {
    write: () => ({
      steps: [{ op: 'Clip', reads: ['x', 'least', 'most'] }],
      constants: { least: floats([], 0), most: floats([], 6) },
    }),
    read: {
      Clip: (node) => {
        const bound = (index: number, name: string) =>
          node.has(index) ? node.array(index).data[0] : node.number(name, Number.NaN)
        const [least, most] = [bound(1, 'min'), bound(2, 'max')]
        if (least !== 0 || most !== 6) node.refuse(`clips to [${least}, ${most}]; [0, 6] is accepted`)
        return { given: {} }
      },
    },
  },
  examples: [
    { input: [7], options: {} },
    { input: [2, 3, 4], options: {} },
  ],
})
