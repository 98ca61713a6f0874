// Which language to speak: what --lang says, otherwise what the environment's locale says, in POSIX's order.

export type Language = 'en' | 'zh'

export const languages: readonly Language[] = ['en', 'zh']

/** The language of a tag such as 'zh', 'zh-CN', 'zh_TW.UTF-8' or 'en_GB'; others are not spoken here. */
function languageOf(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split(/[-_.@]/)
  return languages.find((language) => language === primary)
}

/** `option` is the value of --lang. The first of LC_ALL, LC_MESSAGES, LANG that is set decides; English is the rest. */
export function pickLanguage(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  const asked = option === undefined ? undefined : languageOf(option)
  if (asked !== undefined) return asked
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || 'en'
  return languageOf(locale) ?? 'en'
}
