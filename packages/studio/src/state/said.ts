// Errors as people read them: those of the library are made in English, and lenet/zh has their Chinese.
import { effect, signal } from '@preact/signals'
import { language } from './settings.ts'

const translator = signal<((message: string) => string) | undefined>(undefined)

effect(() => {
  if (language.value === 'zh' && translator.peek() === undefined)
    void import('lenet/zh').then(({ errorInChinese }) => {
      translator.value = errorInChinese
    })
})

/** Errors of the page itself. English → Chinese; values stand between. */
const own: readonly (readonly [RegExp, string])[] = [
  [/^(.*): the images are not here yet, and the network does not answer$/m, '$1：图像还没有取到，网络也没有应答'],
  [/^hint: they are kept once they were loaded with the network$/m, '提示：有网络时读取过一次之后就会保留'],
  [/^(.*): the server answered (\d+)$/m, '$1：服务器的应答是 $2'],
  [/^(.*): the host answers (.*)$/m, '$1：服务器的应答是 $2'],
  [/^(.*): read back, it gives other scores on image (\d+)$/m, '$1：重新读入后，在第 $2 张图像上的分数不同'],
]

/** An error's text in the language of the page. */
export function said(message: string): string {
  if (language.value !== 'zh' || translator.value === undefined) return message
  const mine = own.reduce((text, [english, chinese]) => text.replace(english, chinese), message)
  return mine === message ? translator.value(message).replace(/^hint: /gm, '提示：') : mine
}
