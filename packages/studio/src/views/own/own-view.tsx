// Data of one's own: classes with names, filled from the pad or from a folder of pictures.
import { useEffect } from 'preact/hooks'
import { HOLD_BACK, type OwnClass, shapeOf } from '../../data/own-set.ts'
import { Thumb } from '../../parts/thumb.tsx'
import { own } from '../../state/data.ts'
import { problem } from '../../state/looking.ts'
import {
  addClass,
  addPicture,
  classes,
  holdsBack,
  kind,
  removeClass,
  removeImage,
  renameClass,
  setUpForOwn,
  skipped,
  takeFolder,
} from '../../state/own-classes.ts'
import { view } from '../../state/route.ts'
import { play } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'
import { clear, isBlank, showStrokes, sight, strokes } from '../draw/drawing.ts'
import { Pad } from '../draw/pad.tsx'

export function OwnView() {
  const t = texts.value.own
  useEffect(() => {
    // The pad is for examples here; what was on it before comes back.
    const before = strokes.peek()
    clear()
    if (classes.value.length === 0) for (const number of [1, 2]) addClass(t.classDefault(number))
    return () => {
      if (isBlank.peek()) void showStrokes(before)
    }
  }, [])
  return (
    <div class="own">
      <aside>
        <Pad invitation={t.padHint} />
      </aside>
      <div class="stack">
        <p class="intro">{t.intro}</p>
        <ul class="classes">
          {classes.value.map((one, at) => (
            <ClassCard key={at} one={one} at={at} />
          ))}
        </ul>
        <div class="row">
          <button type="button" onClick={() => addClass(t.classDefault(classes.value.length + 1))}>
            {t.add}
          </button>
          <button
            type="button"
            class="primary"
            disabled={own.value === undefined}
            onClick={() => {
              setUpForOwn()
              view.value = 'train'
              void play({ anew: true })
            }}
          >
            {t.train}
          </button>
          {own.value === undefined && <span class="hint">{t.need}</span>}
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={holdsBack.value}
            onChange={({ currentTarget }) => (holdsBack.value = currentTarget.checked)}
          />
          {t.holdBack(HOLD_BACK)}
          <span class="hint">{t.holdBackHint}</span>
        </label>
        <FolderDrop />
        {skipped.value > 0 && (
          <p class="hint" role="status">
            {t.skipped(skipped.value)}
          </p>
        )}
      </div>
    </div>
  )
}

const MOST = 60

function ClassCard({ one, at }: { readonly one: OwnClass; readonly at: number }) {
  const t = texts.value.own
  const keepDrawing = () => {
    const seen = sight()
    if (seen === undefined || seen.kind !== 'picture') return
    try {
      addPicture(at, { width: seen.width, height: seen.height, channels: 4, pixels: seen.pixels })
      clear()
    } catch (error) {
      problem.value = (error as Error).message
    }
  }
  return (
    <li class="panel class">
      <div class="row">
        <input
          type="text"
          aria-label={t.name}
          value={one.name}
          onInput={({ currentTarget }) => renameClass(at, currentTarget.value)}
        />
        <button type="button" disabled={isBlank.value} onClick={keepDrawing}>
          {t.keep(one.name)}
        </button>
        <span class="hint push">{t.images(one.images.length)}</span>
        <button type="button" class="quiet icon" aria-label={t.remove(one.name)} onClick={() => removeClass(at)}>
          ×
        </button>
      </div>
      <ul class="images">
        {one.images.slice(-MOST).map(({ pixels, isHeldBack }, index) => (
          <li key={index} data-held={isHeldBack && holdsBack.value}>
            <button
              type="button"
              aria-label={t.removeImage}
              title={t.removeImage}
              onClick={() => removeImage(at, Math.max(0, one.images.length - MOST) + index)}
            >
              <Thumb picture={{ shape: shapeOf(kind.value), pixels }} side={40} />
            </button>
          </li>
        ))}
      </ul>
    </li>
  )
}

function FolderDrop() {
  const t = texts.value.own
  return (
    <label class="drop">
      {t.drop}
      <input
        type="file"
        aria-label={t.choose}
        // Not in the types of every version: chooses folders.
        {...{ webkitdirectory: true }}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          void takeFolder(files.map((file) => ({ file, folder: file.webkitRelativePath.split('/').at(-2) ?? '' })))
        }}
      />
    </label>
  )
}
