// Curves over epochs, of one run or several: uPlot in the page's colours.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { palette } from './palette.ts'

export interface Line {
  readonly title: string
  readonly colour: string
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  /** In the background, thin and pale: what a line beside it smooths. */
  readonly isFaint?: boolean
}

interface Props {
  readonly lines: readonly Line[]
  readonly label: string
  readonly high?: number
  /** A place on the x axis. */
  readonly marked?: number | undefined
  readonly format: (value: number) => string
  /** Where the y axis ends, if that is known. */
  readonly top?: number
  /** Where it ends at the latest: a run that diverges leaves the picture. */
  readonly most?: number | undefined
  readonly epochs: number
}

export function Curves({
  lines,
  label,
  high = 220,
  marked,
  format,
  top,
  most = Number.POSITIVE_INFINITY,
  epochs,
}: Props) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(null)
  const mark = useRef(marked)
  mark.current = marked
  const clip = useRef(most)
  clip.current = most
  const { line, muted, accent } = palette.value
  const kind = `${lines.map(({ title, colour }) => title + colour).join()} ${line} ${top} ${epochs}`
  useEffect(() => {
    const axis = {
      stroke: muted,
      grid: { stroke: line, width: 0.5 },
      ticks: { show: false },
      font: '12px system-ui',
      gap: 6,
    }
    const made = new uPlot(
      {
        width: Math.max(200, box.current!.clientWidth),
        height: high,
        padding: [10, 24, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [0, epochs] },
          y: {
            range: (_, min, max) =>
              top === undefined
                ? [0, Math.min(clip.current, Math.max(1, max * 1.05))]
                : [Math.min(min, top - 0.05), top],
          },
        },
        axes: [
          { ...axis, size: 28, incrs: [1, 2, 5, 10, 20, 50], values: (_, ticks) => ticks.map(String) },
          { ...axis, size: 48, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          ...lines.map(({ title, colour, isFaint = false }) => ({
            label: title,
            stroke: colour,
            alpha: isFaint ? 0.28 : 1,
            width: isFaint ? 1 : 1.75,
            points: { show: false },
            spanGaps: true,
          })),
        ],
        hooks: {
          draw: [
            (plot) => {
              if (mark.current === undefined) return
              const x = plot.valToPos(mark.current, 'x', true)
              plot.ctx.strokeStyle = accent
              plot.ctx.lineWidth = devicePixelRatio
              plot.ctx.beginPath()
              plot.ctx.moveTo(x, plot.bbox.top)
              plot.ctx.lineTo(x, plot.bbox.top + plot.bbox.height)
              plot.ctx.stroke()
            },
          ],
        },
      },
      dataOf(lines),
      box.current!,
    )
    chart.current = made
    const resize = new ResizeObserver(([entry]) =>
      made.setSize({ width: Math.max(200, Math.floor(entry!.contentRect.width)), height: high }),
    )
    resize.observe(box.current!)
    return () => {
      resize.disconnect()
      made.destroy()
    }
  }, [kind])
  useEffect(() => {
    const frame = requestAnimationFrame(() => chart.current?.setData(dataOf(lines)))
    return () => cancelAnimationFrame(frame)
  })
  return <div class="curves" ref={box} role="img" aria-label={label} style={{ minHeight: `${high}px` }} />
}

function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  if (lines.length === 0) return [[], []]
  return uPlot.join(
    lines.map(({ xs, ys }) => [[...xs], ys.map((y) => (Number.isFinite(y) ? y : null))] as uPlot.AlignedData),
  )
}
