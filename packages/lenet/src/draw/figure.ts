// The frame of every figure: title, description, and one style sheet with a light and a dark theme. Colours are written as
// plain properties, not as CSS variables, and the light theme stands outside any media query, so that programs with little
// CSS (librsvg, Inkscape) show a correct light figure.

import { element, escapeText, label } from './svg.ts'

interface Theme {
  readonly page: string
  readonly ink: string
  readonly quiet: string
  readonly rule: string
  readonly sheet: string
  readonly edge: string
  readonly blue: string
  readonly orange: string
}

const LIGHT: Theme = {
  page: '#ffffff',
  ink: '#1f2630',
  quiet: '#667080',
  rule: '#e7eaee',
  sheet: '#e9f0f8',
  edge: '#7d9cc0',
  blue: '#2f6db0',
  orange: '#c8641a',
}

const DARK: Theme = {
  page: '#14181e',
  ink: '#e5e9ef',
  quiet: '#98a3b1',
  rule: '#29303a',
  sheet: '#22303f',
  edge: '#6f93bd',
  blue: '#7db4ee',
  orange: '#f0a35f',
}

// 'on-colour' is text on a filled cell; 'halo' keeps a mark apart from the line under it.
const rules = (theme: Theme): string => `
.lenet-figure .page{fill:${theme.page}}
.lenet-figure text{fill:${theme.ink}}
.lenet-figure text.on-colour{fill:${theme.page}}
.lenet-figure text.quiet{fill:${theme.quiet}}
.lenet-figure text.blue{fill:${theme.blue}}
.lenet-figure text.orange{fill:${theme.orange}}
.lenet-figure .rule{stroke:${theme.rule}}
.lenet-figure .hair{stroke:${theme.quiet}}
.lenet-figure .sheet{fill:${theme.sheet};stroke:${theme.edge}}
.lenet-figure .blank{fill:${theme.rule}}
.lenet-figure .blue-line{stroke:${theme.blue}}
.lenet-figure .orange-line{stroke:${theme.orange}}
.lenet-figure .blue-fill{fill:${theme.blue}}
.lenet-figure .orange-fill{fill:${theme.orange}}
.lenet-figure .mark{fill:${theme.ink}}
.lenet-figure .halo{stroke:${theme.page}}
`

const STYLE = `
.lenet-figure{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;font-size:12px;font-variant-numeric:tabular-nums}
.lenet-figure .title{font-size:16px;font-weight:600}
.lenet-figure .strong{font-weight:600}
.lenet-figure .rule,.lenet-figure .hair,.lenet-figure .blue-line,.lenet-figure .orange-line{fill:none}
.lenet-figure .halo{stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.lenet-figure .pixels{image-rendering:pixelated}
${rules(LIGHT).trim()}
@media (prefers-color-scheme:dark){${rules(DARK)}}
`

export interface Figure {
  readonly width: number
  readonly height: number
  readonly title: string
  /** What the picture says, in a sentence or two, for those who cannot see it. */
  readonly description: string
  /** A quiet line under the title. */
  readonly subtitle?: string
  readonly content: string
}

/** Space that title and subtitle take at the top of every figure. */
export const HEAD = 66
/** Space around the content. */
export const MARGIN = 24

/** A whole SVG document. */
export function figure({ width, height, title, description, subtitle, content }: Figure): string {
  const head =
    element('title', {}, escapeText(title)) +
    element('desc', {}, escapeText(description)) +
    element('style', {}, STYLE.replace(/\n/g, '')) +
    element('rect', { class: 'page', width, height, rx: 6 }) +
    label(MARGIN, 32, title, { class: 'title' }) +
    (subtitle === undefined ? '' : label(MARGIN, 51, subtitle, { class: 'quiet' }))
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'lenet-figure',
    role: 'img',
    width: Math.ceil(width),
    height: Math.ceil(height),
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
  }
  return `${element('svg', frame, head + content)}\n`
}
