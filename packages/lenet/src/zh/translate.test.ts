import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FormatError, UsageError } from '../errors.ts'
import { skeletonsIn } from '../testing/error-skeletons.ts'
import { errorInChinese, inChinese, texts } from './translate.ts'

const PACKAGES = resolve(import.meta.dirname, '../../..')

describe('errors in Chinese', () => {
  test.each(['lenet', 'cli'])('every text of an error in %s is in the tables', (name) => {
    const missing = skeletonsIn(join(PACKAGES, name, 'src')).filter(({ text }) => !texts.has(text))
    expect(skeletonsIn(join(PACKAGES, 'lenet', 'src')).length).toBeGreaterThan(300)
    // Each line is to be added to a table of this folder.
    expect(missing.map(({ text, file }) => `${JSON.stringify(text)}: '…', // ${file}`).join('\n')).toBe('')
  })

  test('a translation has the values of its text, each once', () => {
    const places = (text: string) => [...text.matchAll(/\{(\d?)\}/g)].map(([, place], at) => Number(place) || at + 1)
    for (const [english, chinese] of texts)
      expect(
        places(chinese).sort((a, b) => a - b),
        english,
      ).toEqual(places(english))
  })

  test('values keep their places, and who is spoken of stands in front', () => {
    expect(errorInChinese("conv2d 'conv2': there is no option 'kernal'; there is out, kernel")).toBe(
      "conv2d 'conv2'：没有选项“kernal”；可选：out, kernel",
    )
    expect(inChinese('train: the loss is NaN in epoch 2; training has diverged')).toBe(
      'train：在 epoch 2 中损失为 NaN；训练已发散',
    )
    expect(inChinese('train: lr is -1; give a number above 0, such as 0.01')).toBe(
      'train：lr 是 -1；请给出大于 0 的数，例如 0.01',
    )
  })

  test('the hint and the byte are said, too', () => {
    const { message } = new FormatError('a.pth', 'ends inside its pickle', { offset: 17, hint: 'unpack it first' })
    expect(errorInChinese(message)).toBe('a.pth：在 pickle 中间结束（第 17 字节）\nhint: 请先解压')
  })

  test('a value that is a text itself is in Chinese as well', () => {
    const { message } = new UsageError("data set 'x': is neither a known data set nor a folder")
    expect(errorInChinese(message)).toBe('数据集“x”：既不是已知的数据集，也不是文件夹')
    expect(inChinese('runs/a/b: cannot be written: the disk is full')).toBe('runs/a/b：无法写入：磁盘已满')
  })

  test('a value is set apart from the text around it as Chinese is written', () => {
    expect(inChinese('sgd: momentum is 2; give a number from 0 to 1')).toBe('sgd：momentum 是 2；请给出 0 到 1 的数')
    expect(inChinese('a.pth: std holds 0; a number above 0 is wanted')).toBe('a.pth：std 中有 0；需要大于 0 的数')
    expect(inChinese('train: the checkpoint has training images: 16, not 14; a run goes on only as it began')).toBe(
      'train：检查点的训练图片数是 16，而不是 14；运行只能按开始时的设置继续',
    )
    expect(inChinese('a.pth: the JSON beside it says which layers it has, but a model was given as well')).toBe(
      'a.pth：旁边的 JSON 已说明有哪些层，却又给出了模型',
    )
  })

  test('a name in quotes is no text, whatever it is called', () => {
    expect(inChinese("data set 'nothing': is neither a known data set nor a folder")).toMatch(/^数据集“nothing”：/)
    expect(inChinese("model: there is no entry 'rows'; there is none")).toBe('模型：没有条目“rows”；可选：无')
  })

  test('what is not known stays as it is', () => {
    expect(inChinese('Expected 3 but got 4')).toBeUndefined()
    expect(errorInChinese('Expected 3\nhint: but got 4')).toBe('Expected 3\nhint: but got 4')
  })
})
