// 关于模型文件的表单，中文。
import type { aboutEn } from './about-en.ts'

export const aboutZh: typeof aboutEn = {
  title: '关于这个文件',
  sameShapes: (names) => `它的权重与 ${names} 的形状相同；只看形状分不出是哪一个。`,
  renamed: (count) => `文件中有 ${count} 个数组名称不同，已按顺序和形状对应。`,
  guessed: '它没有说明训练前像素怎样缩放。',
  trials: '每个模型在每种像素缩放下的准确率',
  model: '模型',
  presets: { none: '0 到 1', mnist: 'MNIST', half: '0.5 / 0.5', imagenet: 'ImageNet', '1998': '按 1998 年' },
  running: '正在试用……',
  tried: (images, data) => `在 ${data} 的 ${images} 张测试图像上的准确率。已选最好的一个；点击其他格可以改选。`,
  untried: '这里没有类别数相同的数据集，无法试用。',
  data: '试用数据',
  mean: '均值',
  std: '标准差',
  classes: '类别',
  classesOf: '与此相同',
  mapping: '数组与参数的对应',
  arrayOf: (parameter) => `${parameter} 对应的数组`,
}
