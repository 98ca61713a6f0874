// The two pictures of docs/paper.md: small line charts as SVG, on white, with names where the lines end.
interface Line {
  readonly name: string
  readonly colour: string
  readonly dashed?: boolean
  readonly points: readonly (readonly [x: number, y: number])[]
}

interface Chart {
  readonly title: string
  readonly lines: readonly Line[]
  readonly x: readonly [least: number, most: number, step: number]
  readonly y: readonly [least: number, most: number, step: number]
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [440, 260, 44, 96, 34, 28]
const [BLUE, ORANGE] = ['#2f6db0', '#c8641a']

function chart({ title, lines, x, y }: Chart, left: number, top: number): string {
  const place =
    ([low, high]: readonly number[], from: number, to: number) =>
    (value: number) =>
      from + ((value - low!) / (high! - low!)) * (to - from)
  const [toX, toY] = [place(x, LEFT, WIDTH - RIGHT), place(y, HEIGHT - BOTTOM, TOP)]
  const steps = ([low, high, step]: readonly [number, number, number]) =>
    Array.from({ length: Math.round((high - low) / step) + 1 }, (_, at) => Number((low + at * step).toFixed(4)))
  const rules = steps(y).map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${toY(value)}" y2="${toY(value)}" stroke="#e7eaee"/><text x="${LEFT - 6}" y="${toY(value) + 4}" text-anchor="end">${value}</text>`,
  )
  const marks = steps(x).map(
    (value) => `<text x="${toX(value)}" y="${HEIGHT - 10}" text-anchor="middle">${value}</text>`,
  )
  const clamp = (value: number) => Math.min(y[1], Math.max(y[0], value))
  let above = Number.NEGATIVE_INFINITY
  const drawn = lines
    .map((line) => ({ line, end: toY(clamp(line.points.at(-1)![1])) }))
    .toSorted((a, b) => a.end - b.end)
    .map(({ line, end }) => {
      above = Math.max(end - 6, above + 14)
      const path = line.points.map(([a, b]) => `${toX(a).toFixed(1)},${toY(clamp(b)).toFixed(1)}`).join(' ')
      return `<polyline points="${path}" fill="none" stroke="${line.colour}" stroke-width="2"${line.dashed ? ' stroke-dasharray="4 4"' : ''}/><text x="${WIDTH - RIGHT + 8}" y="${above}" fill="${line.colour}">${line.name}</text>`
    })
  return `<g transform="translate(${left},${top})"><text x="${LEFT}" y="18" font-weight="600">${title}</text>${[...rules, ...marks, ...drawn].join('')}</g>`
}

const picture = (title: string, width: number, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2630"><title>${title}</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`

interface Pass {
  readonly train: number
  readonly test: number
}

export function curvePicture(
  ours: readonly Pass[],
  paper: { readonly train: readonly number[]; readonly test: readonly number[] },
): string {
  const points = (values: readonly number[]) => values.map((value, pass) => [pass + 1, value] as const)
  const lines = [
    { name: 'test, paper', colour: ORANGE, dashed: true, points: points(paper.test) },
    { name: 'test, ours', colour: ORANGE, points: points(ours.map(({ test }) => test)) },
    { name: 'train, paper', colour: BLUE, dashed: true, points: points(paper.train) },
    { name: 'train, ours', colour: BLUE, points: points(ours.map(({ train }) => train)) },
  ]
  return picture('Errors of LeNet-5 over twenty passes, beside the paper', WIDTH, HEIGHT, [
    chart({ title: 'Error in percent after each pass', lines, x: [0, 20, 5], y: [0, 6, 1] }, 0, 0),
  ])
}

interface Curve {
  readonly model: string
  readonly change: string
  readonly amounts: readonly number[]
  readonly accuracies: readonly number[]
}

const axes: Readonly<Record<string, { title: string; x: readonly [number, number, number] }>> = {
  rotation: { title: 'Accuracy over rotation, degrees', x: [0, 60, 10] },
  scale: { title: 'over scale', x: [0.5, 1.5, 0.25] },
  right: { title: 'over horizontal shift, pixels', x: [0, 8, 2] },
  down: { title: 'over vertical shift, pixels', x: [0, 8, 2] },
  inverted: { title: 'over inverted pixels, share', x: [0, 0.2, 0.05] },
}

export function invariancePictures(curves: readonly Curve[]): string {
  const charts = Object.entries(axes).map(([change, { title, x }], at) => {
    const lines = curves
      .filter((curve) => curve.change === change)
      .map(({ model, amounts, accuracies }) => ({
        name: model,
        colour: model === 'lenet5' ? BLUE : ORANGE,
        points: amounts.map((amount, n) => [amount, 100 * accuracies[n]!] as const).toSorted(([a], [b]) => a - b),
      }))
    return chart({ title, lines, x, y: [0, 100, 25] }, (at % 2) * WIDTH, Math.floor(at / 2) * HEIGHT)
  })
  return picture('Accuracy over rotation, scale, shift and inverted pixels', 2 * WIDTH, 3 * HEIGHT, charts)
}
