import { expect, test } from 'vitest'
import { pickLanguage } from './language.ts'

test('--lang decides, whatever the environment says', () => {
  expect(pickLanguage('zh', { LANG: 'en_US.UTF-8' })).toBe('zh')
  expect(pickLanguage('en', { LC_ALL: 'zh_CN.UTF-8' })).toBe('en')
  expect(pickLanguage('zh-CN', {})).toBe('zh')
})

test('LC_ALL goes before LC_MESSAGES, and that before LANG', () => {
  expect(pickLanguage(undefined, { LC_ALL: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US', LANG: 'en_US' })).toBe('zh')
  expect(pickLanguage(undefined, { LC_MESSAGES: 'zh_TW', LANG: 'en_US' })).toBe('zh')
  expect(pickLanguage(undefined, { LANG: 'zh_CN.GB18030' })).toBe('zh')
})

test('an empty variable counts as unset', () => {
  expect(pickLanguage(undefined, { LC_ALL: '', LANG: 'zh_CN' })).toBe('zh')
})

test('English is spoken where nothing else is known', () => {
  expect(pickLanguage(undefined, {})).toBe('en')
  expect(pickLanguage(undefined, { LANG: 'C.UTF-8' })).toBe('en')
  expect(pickLanguage(undefined, { LC_ALL: 'C', LANG: 'zh_CN' })).toBe('en')
  expect(pickLanguage('tlh', { LANG: 'fr_FR' })).toBe('en')
})
