import { describe, expect, test } from 'vitest'
import { messagesFor } from './messages.ts'

type Text = string | ((...values: unknown[]) => string)

/** Every text by its path, e.g. 'train.saved'. */
const texts = (group: object, path = ''): [string, Text][] =>
  Object.entries(group).flatMap(([key, value]): [string, Text][] =>
    typeof value === 'object' ? texts(value, `${path}${key}.`) : [[path + key, value]],
  )

const english = new Map(texts(messagesFor('en')))
const chinese = new Map(texts(messagesFor('zh')))

describe('messages', () => {
  test('both languages have the same texts, which take the same values', () => {
    const shape = (all: Map<string, Text>) =>
      [...all].map(([path, text]) => [path, typeof text === 'string' ? 0 : text.length])
    expect(shape(chinese)).toEqual(shape(english))
  })

  test.each([
    ['English', english],
    ['Chinese', chinese],
  ])('every %s text shows every value that it takes', (_, all) => {
    for (const [path, text] of all) {
      if (typeof text === 'string') {
        expect(text.trim(), path).not.toBe('')
        continue
      }
      const values = Array.from({ length: text.length }, (_, k) => `<value ${k}>`)
      const shown = text(...values)
      for (const value of values) expect(shown, path).toContain(value)
    }
  })

  test('Chinese texts are Chinese, except for names and symbols', () => {
    const latin = [...chinese].filter(
      ([, text]) => !/\p{Script=Han}/u.test(typeof text === 'string' ? text : text('x', 'x', 'x')),
    )
    expect(latin.map(([path]) => path)).toEqual([
      'predict.answer',
      'predict.unreadable',
      'doctor.node',
      'doctor.simd',
      'doctor.data',
      'errors.told',
    ])
  })

  test('one thread is not threads', () => {
    const { train } = messagesFor('en')
    expect(train.engine('wasm', 1, 7)).toBe('Computing with wasm on 1 thread, seed 7')
    expect(train.engine('wasm', 2, 7)).toBe('Computing with wasm on 2 threads, seed 7')
  })

  test('data without validation or test images are not mentioned', () => {
    expect(messagesFor('en').train.data('60,000', undefined, '10,000')).toBe(
      '60,000 training images, 10,000 test images',
    )
    expect(messagesFor('zh').train.data('60,000', undefined, undefined)).toBe('训练图片 60,000 张')
  })
})
