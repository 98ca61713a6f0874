// What just happened, said for some seconds, with the way back.
import { signal } from '@preact/signals'

export interface Toast {
  readonly text: string
  readonly undo?: () => void
}

export const toast = signal<Toast | undefined>(undefined)

/** Long enough to read it and to reach the button. */
const SHOWN = 10_000
let timer = 0

export function tell(next: Toast): void {
  clearTimeout(timer)
  toast.value = next
  timer = setTimeout(() => {
    toast.value = undefined
  }, SHOWN) as unknown as number
}
