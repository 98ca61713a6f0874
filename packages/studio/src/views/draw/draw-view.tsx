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

/** Below this probability the best answer is no more than that. */
const SURE = 0.5

export function DrawView() {
  const now = activity.value
  const isThere = now !== undefined
  useEffect(() => {
    // For whoever measures a cold start: the first verdict is on the page.
    if (isThere && performance.getEntriesByName('first verdict').length === 0) performance.mark('first verdict')
  }, [isThere])
  const classes = shown.value?.plain.classes ?? []
  const share = now?.probabilities[now.winner] ?? 1
  return (
    <div class="draw">
      <aside>
        <Pad />
        <p class="verdict" aria-live="polite" data-sure={share >= SURE}>
          {now === undefined ? (
            <span class="none">{texts.value.draw.nothing}</span>
          ) : (
            <>
              <strong>{classes[now.winner]}</strong>
              <span>
                {chance(share)}
                {share < SURE && ` · ${texts.value.draw.unsure}`}
              </span>
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
