// The shown model as files; each is read back and compared before it can be taken.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Saved } from '../../engine/seer.ts'
import { bytes as sizeText } from '../../parts/numbers.ts'
import { seer, shown, weights } from '../../state/looking.ts'
import { said } from '../../state/said.ts'
import { texts } from '../../state/settings.ts'

const formats = ['safetensors', 'pth', 'onnx', 'wasm'] as const
type Format = (typeof formats)[number]

interface Ready {
  readonly file: string
  readonly saved: Saved
  readonly address: string
  readonly companion?: string
}

const addressOf = (part: BlobPart): string => URL.createObjectURL(new Blob([part]))

export function Exports() {
  const t = texts.value.model
  const ready = useSignal<Partial<Record<Format, Ready | string>>>({})
  useEffect(() => {
    ready.value = {}
  }, [shown.value, weights.value])
  const save = async (format: Format) => {
    const { plain, title } = shown.value!
    const stem =
      title
        .replace(/\.\w+$/, '')
        .replace(/[^\w.-]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'lenet'
    const file = `${stem}.${format}`
    const outcome = await seer.ask('save', { ...plain, weights: weights.value! }, file).then(
      (saved): Ready => ({
        file,
        saved,
        address: addressOf(saved.bytes),
        ...(saved.companion && { companion: addressOf(JSON.stringify(saved.companion, null, 2)) }),
      }),
      (error: Error) => error.message,
    )
    ready.value = { ...ready.value, [format]: outcome }
  }
  return (
    <ul class="exports">
      {formats.map((format) => {
        const one = ready.value[format]
        return (
          <li key={format}>
            <button type="button" onClick={() => void save(format)}>
              .{format}
            </button>
            {typeof one === 'string' && <span class="bad">{said(one)}</span>}
            {typeof one === 'object' && (
              <span>
                <a href={one.address} download={one.file}>
                  {one.file}
                </a>{' '}
                <span class="hint">{sizeText(one.saved.bytes.length)}</span>
                <br />
                <span class="good">✓ {t.equal(one.saved.equalOn)}</span>
                {one.companion && (
                  <>
                    <br />
                    <a href={one.companion} download={one.file.replace(/\.\w+$/, '.json')}>
                      {one.file.replace(/\.\w+$/, '.json')}
                    </a>{' '}
                    <span class="hint">{t.companion}</span>
                  </>
                )}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
