// Who errors speak of. English → Chinese; {} is what is filled in, {2} the second of them.

export const subjects: Readonly<Record<string, string>> = {
  picture: '图片',
  model: '模型',
  image: '图片',
  equation: '等式',
  'engine native': 'native 引擎',
  'engine wasm': 'wasm 引擎',
  'engine reference': 'reference 引擎',
  "engine '{}'": '引擎“{}”',
  "data set '{}'": '数据集“{}”',
  "model '{}'": '模型“{}”',
  "tensor '{}'": '张量“{}”',
  "entry '{}'": '条目“{}”',
  "equation '{}'": '等式“{}”',
  "layer '{}'": '层“{}”',
  'its layer list': '它的层列表',
  'the JSON beside it': '旁边的 JSON',
  'what it says about itself': '它对自身的说明',
  'column {}': '第 {} 列',
  'image {}': '图片 {}',
}
