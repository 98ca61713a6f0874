// The probes in C, through the compiler of the native engine.
import { exported, nodeApi } from '../engine/native/node-api.ts'
import { block, join, type Lines } from '../engine/native/text.ts'
import { type Probe, peakOf, sources, widths } from '../measure/peak.ts'
import { compileModule, findCompiler } from './compiler.ts'

/** Bytes that are walked: half of a first-level cache. */
const WALKED = 16384

/**
 * Operations a second that one core reaches in C, a multiplication and its addition rounded once where `fast`.
 * @throws UsageError without a compiler.
 */
export function nativePeak(fast = false): number {
  const { lanes } = findCompiler()
  const { probe } = compileModule(printProbes(lanes, fast), { fast }) as unknown as {
    probe(number: number, times: number): void
  }
  return peakOf(
    sources.flatMap((_, source) =>
      widths.map((width, at): Probe => ({ width, lanes, run: (times) => probe(source * widths.length + at, times) })),
    ),
  )
}

const printProbes = (lanes: number, fast: boolean): string =>
  join([
    '#include <stddef.h>',
    '#include <stdint.h>',
    `typedef float V __attribute__((vector_size(${4 * lanes})));`,
    // What is in memory the compiler cannot know, and what goes there it cannot leave away.
    'static volatile float one = 1;',
    'static volatile V result[16];',
    `static V walked[${WALKED / 4 / lanes} + 16];`,
    ...sources.map((source) => widths.map((width) => printProbe(source, width, { lanes, fast }))),
    block(
      'static void run(int32_t number, int32_t times)',
      block(
        'switch (number)',
        sources.flatMap((source, from) =>
          widths.map((width, at) => `case ${from * widths.length + at}: ${source}_${width}(times); break;`),
        ),
      ),
    ),
    probing,
  ])

interface Setting {
  readonly lanes: number
  readonly fast: boolean
}

/** Sums that grow by a product each, of a number that is multiplied on or that comes from memory. */
function printProbe(source: (typeof sources)[number], width: number, { lanes, fast }: Setting): Lines {
  const each = (lines: (n: number) => Lines): Lines => Array.from({ length: width }, (_, n) => lines(n))
  const multiplied = (n: number): Lines =>
    fast ? `s${n} = s${n} * factor + factor;` : [`p${n} = p${n} * factor;`, `s${n} = s${n} + p${n};`]
  const loaded = (n: number): Lines => `s${n} = s${n} + walked[at + ${n}] * factor;`
  return block(
    `static void ${source}_${width}(int32_t times)`,
    'const V factor = (V){} + one;',
    // Read anew for each: equal numbers would be computed once.
    each((n) => `V s${n} = (V){} + one, p${n} = (V){} + one;`),
    'for (size_t n = 0; n < sizeof(walked) / sizeof(V); n++) walked[n] = factor;',
    block(
      'for (size_t at = 0; times > 0; times--)',
      source === 'cache' ? [each(loaded), `at = (at + ${width}) & ${WALKED / 4 / lanes - 1};`] : each(multiplied),
    ),
    each((n) => `result[${n}] = s${n} + p${n};`),
  )
}

const probing: Lines = [
  nodeApi,
  block(
    'static value js_probe(env e, void *info)',
    'size_t count = 2;',
    'value arguments[2];',
    'int32_t number = 0, times = 0;',
    'napi_get_cb_info(e, info, &count, arguments, 0, 0);',
    'napi_get_value_int32(e, arguments[0], &number);',
    'napi_get_value_int32(e, arguments[1], &times);',
    'run(number, times);',
    'return 0;',
  ),
  exported('probe'),
]
