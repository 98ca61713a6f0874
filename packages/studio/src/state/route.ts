// Which view is open; it stands in the address, so that back and forward work.
import { effect, signal } from '@preact/signals'

export const views = ['draw', 'train', 'compare', 'mistakes', 'own', 'model', 'note'] as const
export type View = (typeof views)[number]

const inAddress = (): View => views.find((name) => name === location.hash.slice(1).split('?')[0]) ?? 'draw'

export const view = signal<View>(inAddress())
addEventListener('hashchange', () => {
  view.value = inAddress()
})

effect(() => {
  if (inAddress() !== view.value) history.pushState(null, '', `#${view.value}`)
})
addEventListener('popstate', () => {
  view.value = inAddress()
})
