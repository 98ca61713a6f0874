// A part of the page that is fetched when it is opened.
import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'

export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let known: ComponentType | undefined
  return function Lazy() {
    const part = useSignal(known)
    useEffect(() => {
      if (known === undefined)
        void load().then((loaded) => {
          known = loaded
          part.value = loaded
        })
    }, [])
    const Part = part.value
    return Part === undefined ? null : <Part />
  }
}
