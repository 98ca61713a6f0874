// A canvas that draws itself again when a signal that it reads has changed, at most once a frame.
import { effect } from '@preact/signals'
import type { CanvasHTMLAttributes } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { crisp } from './raster.ts'

interface Props extends Omit<CanvasHTMLAttributes<HTMLCanvasElement>, 'width' | 'height' | 'label'> {
  readonly wide: number
  readonly high: number
  readonly draw: (context: CanvasRenderingContext2D) => void
  /** What it shows, in words; without them it is decoration. */
  readonly label?: string | undefined
  /** As wide as there is room. */
  readonly fluid?: boolean
}

export function Canvas({ wide, high, draw, label, fluid = false, ...rest }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(draw)
  latest.current = draw
  useEffect(() => {
    let frame = 0
    let stop: (() => void) | undefined
    const paint = () => {
      frame = 0
      stop?.()
      let isFirst = true
      // The effect runs once to draw; when something that was read changes, a frame is asked for instead.
      stop = effect(() => {
        if (!isFirst) {
          frame ||= requestAnimationFrame(paint)
          return
        }
        isFirst = false
        if (canvas.current) latest.current(crisp(canvas.current, wide, high))
      })
    }
    paint()
    return () => {
      cancelAnimationFrame(frame)
      stop?.()
    }
  })
  const speech = label === undefined ? { 'aria-hidden': true as const } : { role: 'img' as const, 'aria-label': label }
  return (
    <canvas
      ref={canvas}
      style={fluid ? { width: '100%', height: 'auto' } : { width: `${wide}px`, height: `${high}px` }}
      {...speech}
      {...rest}
    />
  )
}
