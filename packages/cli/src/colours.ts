// Colours are for people at a terminal: none when the output is a file or a pipe, or when NO_COLOR is set (no-color.org).

import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan'

/** Gives the text a style, or gives it back as it is. */
export type Paint = (style: Style, text: string) => string

export interface Terminal {
  readonly isTTY?: boolean
  readonly getColorDepth?: (env?: object) => number
}

type Environment = Readonly<Record<string, string | undefined>>

/** Bits of colour that the stream shows: 0 (none), 4, 8 or 24. */
export function colourDepth(stream: Terminal, env: Environment): number {
  if (stream.isTTY !== true || (env.NO_COLOR !== undefined && env.NO_COLOR !== '')) return 0
  const depth = stream.getColorDepth?.(env) ?? 4
  return depth === 1 ? 0 : depth
}

export const plain: Paint = (_style, text) => text

// We have decided already; styleText must not ask the stream again.
const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false })

export const paintFor = (stream: Terminal, env: Environment): Paint =>
  colourDepth(stream, env) === 0 ? plain : coloured
