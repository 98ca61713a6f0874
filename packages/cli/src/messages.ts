// All texts of the command line, by language. English is the original; the type makes a missing translation an error.

import type { Language } from './language.ts'
import { en, type Messages } from './messages/en.ts'
import { zh } from './messages/zh.ts'

export type { Messages } from './messages/en.ts'

const all: Readonly<Record<Language, Messages>> = { en, zh }

export const messagesFor = (language: Language): Messages => all[language]
