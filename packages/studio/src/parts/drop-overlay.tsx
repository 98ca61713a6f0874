// Over the whole page while a file is dragged: what will happen when it is let go.
import { held } from '../state/drops.ts'
import { texts } from '../state/settings.ts'

export function DropOverlay() {
  const t = texts.value.drops
  const now = held.value
  if (now === undefined) return null
  return (
    <div class="overlay" role="status">
      <div>
        <h2>{t.title}</h2>
        <ul>
          {now === 'picture' ? (
            <li>{t.picture}</li>
          ) : (
            [t.model, t.picture, t.folder].map((line) => <li key={line}>{line}</li>)
          )}
        </ul>
      </div>
    </div>
  )
}
