// Language and theme, kept from one visit to the next.
import { computed, effect, signal } from '@preact/signals'
import { en, type Texts } from '../text/en.ts'
import { zh } from '../text/zh.ts'

export type Language = 'en' | 'zh'
export type Theme = 'light' | 'dark'

const KEY = 'lenet-studio'
const root = document.documentElement
const dark = matchMedia('(prefers-color-scheme: dark)')

export const language = signal<Language>(root.lang === 'zh' ? 'zh' : 'en')
/** Undefined follows the system. */
const chosen = signal<Theme | undefined>(root.dataset.theme as Theme | undefined)
const system = signal<Theme>(dark.matches ? 'dark' : 'light')
dark.addEventListener('change', ({ matches }) => {
  system.value = matches ? 'dark' : 'light'
})

export const theme = computed<Theme>(() => chosen.value ?? system.value)
export const texts = computed<Texts>(() => (language.value === 'zh' ? zh : en))

export const chooseTheme = (value: Theme): void => {
  chosen.value = value
}

effect(() => {
  root.lang = language.value
  root.dataset.theme = theme.value
  localStorage.setItem(KEY, JSON.stringify({ language: language.value, theme: chosen.value }))
})
