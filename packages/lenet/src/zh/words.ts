// Words that stand in errors where a value is filled in. English → Chinese; {} is what is filled in, {2} the second of them.

export const words: Readonly<Record<string, string>> = {
  rows: '行',
  columns: '列',
  floats: '浮点数',
  bytes: '字节',
  nothing: '无',
  none: '无',
  'a whole number': '整数',
  'a number': '数',
  'a text': '文本',
  'an object': '对象',
  'a list': '列表',
  'the end': '结尾',
}
