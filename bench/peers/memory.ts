// The most memory that training on so many images of [1,32,32] takes, and how much of it the images are.
//   node bench/peers/memory.ts IMAGES
import { modelNamed } from '../../packages/lenet/src/model/zoo/index.ts'
import '../../packages/lenet/src/node/native-engine.ts'
import { train } from '../../packages/lenet/src/train/train.ts'

const count = Number(process.argv[2])
const pixels = new Uint8Array(count * 1024)
for (let at = 0; at < pixels.length; at++) pixels[at] = Math.imul(at, 0x9e3779b1) >>> 24
const labels = Uint8Array.from({ length: count }, (_, n) => n % 10)
const data = { name: 'noise', shape: [1, 32, 32] as const, pixels, labels, classes: [...'0123456789'] }
for await (const _ of train(modelNamed('lenet', { channels: 1 }), data, { epochs: 1, threads: 2 }));
console.log(JSON.stringify({ most: process.resourceUsage().maxRSS * 1024, data: pixels.length + labels.length }))
