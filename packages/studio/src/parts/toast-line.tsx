// The line that says what just happened, and takes it back.
import { texts } from '../state/settings.ts'
import { toast } from '../state/toast.ts'

export function ToastLine() {
  const now = toast.value
  return (
    <div class="toast" role="status" data-shown={now !== undefined}>
      {now && <span>{now.text}</span>}
      {now?.undo && (
        <button
          type="button"
          onClick={() => {
            now.undo!()
            toast.value = undefined
          }}
        >
          {texts.value.app.undo}
        </button>
      )}
    </div>
  )
}
