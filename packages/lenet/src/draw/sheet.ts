// Pictures with captions as one HTML page that needs nothing else: for looking through hundreds, and for finding their files.

import { type DrawnImage, interleave } from './images.ts'
import { pngUrl } from './png.ts'
import { escapeText } from './svg.ts'

export interface SheetPicture extends Pick<DrawnImage, 'shape' | 'pixels'> {
  /** A second picture beside it, such as the one that the first was made of. */
  readonly beside?: Pick<DrawnImage, 'shape' | 'pixels'>
  /** Where it lies; shown, and the whole name on pointing at it. */
  readonly file?: string
  readonly caption: string
  readonly isWrong?: boolean
}

export interface SheetOptions {
  readonly title: string
  /** A line below it. */
  readonly subtitle?: string
  readonly pictures: readonly SheetPicture[]
}

const STYLE = `:root{color-scheme:light dark}
body{font:14px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;margin:24px}
h1{font-size:20px;margin:0}p{margin:4px 0 20px;opacity:.75}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:20px 16px}
figure{margin:0;overflow:hidden}figure div{display:flex;gap:4px;height:112px}
img{height:112px;max-width:100%;object-fit:contain;object-position:left;image-rendering:pixelated;background:#8883}
figcaption{margin-top:4px}figcaption b{font-weight:600}figcaption b.wrong{color:#c8641a}
small{display:block;opacity:.7;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;direction:rtl;text-align:left}`

const image = (picture: Pick<DrawnImage, 'shape' | 'pixels'>): string => {
  const { values, ...size } = interleave(picture)
  return `<img src="${pngUrl(values, size)}" width="${size.width}" height="${size.height}" alt="">`
}

/** The end of a path says most, so it is set from the right; its own direction stays. */
const nameOf = (file: string): string => `<small title="${escapeText(file)}"><bdi>${escapeText(file)}</bdi></small>`

const tile = ({ file, caption, isWrong = false, beside, ...picture }: SheetPicture): string =>
  `<figure><div>${beside === undefined ? '' : image(beside)}${image(picture)}</div>` +
  `<figcaption><b${isWrong ? ' class="wrong"' : ''}>${escapeText(caption)}</b>${file === undefined ? '' : nameOf(file)}</figcaption></figure>`

/** An HTML document. Throws a ShapeError for images of other than 1 or 3 channels. */
export const drawSheet = ({ title, subtitle, pictures }: SheetOptions): string =>
  `<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeText(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeText(title)}</h1><p>${escapeText(subtitle ?? '')}</p><main>
${pictures.map(tile).join('\n')}
</main></body></html>
`
