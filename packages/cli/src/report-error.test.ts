import { describe, expect, test } from 'vitest'
import { messagesFor } from './messages.ts'
import { exitCodeOf, reportError } from './report-error.ts'

const named = (name: string, message = 'it: is wrong'): Error => Object.assign(new Error(message), { name })

function report(error: unknown, language: 'en' | 'zh' = 'en') {
  const written: string[] = []
  const code = reportError(error, { stderr: { write: (text) => written.push(text) }, messages: messagesFor(language) })
  return { code, text: written.join('') }
}

describe('exitCodeOf', () => {
  test('usage is 2, data is 3, an interruption 130, anything else 1', () => {
    expect(
      ['UsageError', 'ShapeError', 'FormatError', 'AbortError', 'TypeError'].map((name) => exitCodeOf(named(name))),
    ).toEqual([2, 2, 3, 130, 1])
    expect(exitCodeOf('a string')).toBe(1)
    expect(exitCodeOf(undefined)).toBe(1)
  })

  test('the abort of a signal is an interruption', () => {
    expect(exitCodeOf(AbortSignal.abort().reason)).toBe(130)
  })
})

describe('reportError', () => {
  test('an error that was foreseen is its message, without a stack', () => {
    expect(report(named('UsageError', "lenet train: --lr is 'fast'\nhint: give a number"))).toEqual({
      code: 2,
      text: "lenet train: --lr is 'fast'\nhint: give a number\n",
    })
  })

  test('the hint is introduced in the language of the reader', () => {
    expect(report(named('FormatError', 'a.pth: is empty\nhint: copy it again'), 'zh').text).toBe(
      'a.pth: is empty\n提示：copy it again\n',
    )
  })

  test('an error of the operating system needs no stack either', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    expect(report(full)).toEqual({ code: 1, text: 'ENOSPC: no space left on device, write\n' })
  })

  test('an error that nobody foresaw shows where it came from', () => {
    const { code, text } = report(new TypeError('x is not a function'))
    expect(code).toBe(1)
    expect(text).toContain('please report it')
    expect(text).toContain('report-error.test.ts')
  })

  test('an interruption prints nothing', () => {
    expect(report(named('AbortError'))).toEqual({ code: 130, text: '' })
  })
})
