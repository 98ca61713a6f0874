// Draw a digit, and every layer answers.

import { useEffect } from 'preact/hooks'
import { chance } from '../../parts/numbers.ts'
import { activity, shown } from '../../state/looking.ts'
import { texts } from '../../state/settings.ts'
import { Inspector } from './inspector.tsx'
import { Network } from './network.tsx'
import { OriginLine } from './origin-line.tsx'
import { Outputs } from './outputs.tsx'
import { Pad } from './pad.tsx'
import { Preparing } from './preparing.tsx'

export function DrawView() {
  const now = activity.value
  const isThere = now !== undefined
  useEffect(() => {
    // For whoever measures a cold start: the first verdict is on the page.
    if (isThere && performance.getEntriesByName('first verdict').length === 0) performance.mark('first verdict')
  }, [isThere])
  const classes = shown.value?.plain.classes ?? []
  return (
    <div class="draw">
      <aside>
        <Pad />
        <p class="verdict" aria-live="polite">
          {now === undefined ? (
            <span class="none">{texts.value.draw.nothing}</span>
          ) : (
            <>
              <strong>{classes[now.winner]}</strong>
              <span>{chance(now.probabilities[now.winner]!)}</span>
            </>
          )}
        </p>
        <OriginLine />
        <Preparing />
      </aside>
      <Network />
      <Outputs />
      <Inspector />
    </div>
  )
}
