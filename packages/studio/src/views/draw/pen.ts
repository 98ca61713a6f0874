// A pen for keys: arrows move it over the pad, and where it is down, it draws the same strokes as a pointer.
import { useSignal } from '@preact/signals'
import { beginStroke, clear, continueStroke, type Stroke } from './drawing.ts'

const WAYS: Readonly<Record<string, Stroke[number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
/** In shares of the pad. */
const STEP = 0.025
const FAR = 0.1

const inside = (place: number): number => Math.min(1, Math.max(0, place))

export function usePen() {
  const at = useSignal<Stroke[number]>([0.5, 0.5])
  const isDown = useSignal(false)
  const lift = (): void => {
    isDown.value = false
  }
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const way = WAYS[event.key]
    if (way !== undefined) {
      const step = event.shiftKey ? FAR : STEP
      at.value = [inside(at.value[0] + step * way[0]), inside(at.value[1] + step * way[1])]
      if (isDown.value) continueStroke([at.value])
    } else if (event.key === ' ' || event.key === 'Enter') {
      // A key that is held repeats.
      if (!event.repeat) isDown.value = !isDown.value
      if (!event.repeat && isDown.value) beginStroke(at.value)
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      lift()
      clear()
    } else return
    event.preventDefault()
  }
  return { at, isDown, lift, press }
}
