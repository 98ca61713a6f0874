// What is wider than its place scrolls, also for whoever has keys alone: then it can be focused.
import type { ComponentChildren } from 'preact'

interface Props {
  readonly label: string
  readonly children: ComponentChildren
}

export const Scroll = ({ label, children }: Props) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields, and this a table
  // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it
  <div class="scroll" role="group" aria-label={label} tabIndex={0}>
    {children}
  </div>
)
