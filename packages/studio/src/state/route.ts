// Which view is open; it stands in the address, so that back and forward work.
import { effect, signal } from '@preact/signals'

export const views = ['draw', 'train', 'compare', 'mistakes', 'own', 'model', 'note'] as const
export type View = (typeof views)[number]

/** Undefined for an address that names no view, such as that of the content. */
const inAddress = (): View | undefined => views.find((name) => name === location.hash.slice(1).split('?')[0])

export const view = signal<View>(inAddress() ?? 'draw')
addEventListener('hashchange', () => {
  view.value = inAddress() ?? view.value
})

effect(() => {
  const named = inAddress()
  if (named !== view.value && (named !== undefined || view.value !== 'draw'))
    history.pushState(null, '', `#${view.value}`)
})
addEventListener('popstate', () => {
  view.value = inAddress() ?? 'draw'
})
