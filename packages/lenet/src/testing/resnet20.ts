// ResNet-20 without batch norm (He et al. 2015, section 4.2): three stages of three blocks, 16, 32 and 64 channels. A network
// that is deeper than wide shows what memory its tensors take together.
import { add, conv2d, globalAvgPool2d, linear, relu } from '../layers/index.ts'
import { from, type Layer } from '../layers/layer.ts'
import { model, type Net } from '../model/model.ts'

/** For images of [3, 32, 32]. */
export function resnet20(): Net {
  const layers: Record<string, Layer> = { conv: conv2d({ out: 16, kernel: 3, padding: 1 }), relu: relu() }
  let before = 'relu'
  for (const [stage, out] of [16, 32, 64].entries())
    for (const block of [1, 2, 3]) {
      const name = `stage${stage + 1}block${block}`
      const stride = stage > 0 && block === 1 ? 2 : 1
      layers[`${name}conv1`] = from([before], conv2d({ out, kernel: 3, stride, padding: 1 }))
      layers[`${name}relu1`] = relu()
      layers[`${name}conv2`] = conv2d({ out, kernel: 3, padding: 1 })
      let shortcut = before
      if (stride > 1) {
        shortcut = `${name}shortcut`
        layers[shortcut] = from([before], conv2d({ out, kernel: 1, stride }))
      }
      layers[`${name}add`] = from([`${name}conv2`, shortcut], add())
      before = `${name}relu2`
      layers[before] = relu()
    }
  return model([3, 32, 32], { ...layers, pool: globalAvgPool2d(), fc: linear(10) })
}
