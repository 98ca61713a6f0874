// A line between the page and a worker: functions of the worker that the page can call, and news that the worker tells.

/** What a worker offers: functions of plain data. */
// biome-ignore lint/suspicious/noExplicitAny: each function has parameters of its own
export type Offer = Readonly<Record<string, (...args: any[]) => unknown>>

interface Question {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

type Message<News> =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly name: string; readonly message: string }
  | { readonly type: 'news'; readonly news: News }

export interface Line<O extends Offer> {
  ask<Name extends keyof O & string>(name: Name, ...args: Parameters<O[Name]>): Promise<Awaited<ReturnType<O[Name]>>>
}

/** The page's end. Errors keep their names. */
export function lineTo<O extends Offer, News = never>(worker: Worker, hear?: (news: News) => void): Line<O> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let next = 0
  worker.onmessage = ({ data }: MessageEvent<Message<News>>) => {
    if (data.type === 'news') return hear?.(data.news)
    const asker = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.type === 'answer') asker?.resolve(data.value as never)
    else asker?.reject(Object.assign(new Error(data.message), { name: data.name }))
  }
  return {
    ask: (name, ...args) =>
      new Promise((resolve, reject) => {
        const id = next++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, name, args } satisfies Question)
      }),
  }
}

interface Own {
  onmessage: ((event: MessageEvent<Question>) => void) | null
  postMessage(message: Message<unknown>): void
}

/** The worker's end. Gives the function that tells news. */
export function serve<News = never>(offer: Offer): (news: News) => void {
  const own = globalThis as unknown as Own
  own.onmessage = async ({ data: { id, name, args } }) => {
    try {
      own.postMessage({ type: 'answer', id, value: await offer[name]!(...args) })
    } catch (error) {
      const { name: kind, message } = error as Error
      own.postMessage({ type: 'failure', id, name: kind, message })
    }
  }
  return (news) => own.postMessage({ type: 'news', news })
}
