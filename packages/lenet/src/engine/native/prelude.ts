// The head of every module: vectors of as many floats as the machine has lanes, in GNU C, and what GNU C lacks on them.
// The language has no vector `?:`; choices are masks.

import type { Lanes } from '../compile/storage.ts'
import { TILE } from '../program.ts'
import { block, type Lines } from './text.ts'

/** Names: `V` and `I` are vectors of float and int32, `U` a vector of float at any address. */
export const prelude = ({ samples, across }: Lanes): Lines => {
  const lanes = samples * across
  return [
    '#include <pthread.h>',
    '#include <sched.h>',
    '#include <stdatomic.h>',
    '#include <stdint.h>',
    '#include <stdlib.h>',
    '#include <string.h>',
    '#if defined(__clang__)',
    '#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)',
    '#define SHUFFLE_P SHUFFLE',
    '#define SHUFFLE_B SHUFFLE',
    '#else',
    '#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (I){__VA_ARGS__})',
    '#define SHUFFLE_P(a, b, ...) __builtin_shuffle(a, b, (PI){__VA_ARGS__})',
    '#define SHUFFLE_B(a, b, ...) __builtin_shuffle(a, b, (B){__VA_ARGS__})',
    '#endif',
    '#define INLINE static inline __attribute__((always_inline))',
    `#define LANES ${lanes}`,
    `#define SAMPLES ${samples}`,
    `#define ACROSS ${across}`,
    `#define TILE ${TILE}`,
    `#define BLOCKS ${TILE / samples}`,
    `typedef float V __attribute__((vector_size(${4 * lanes})));`,
    `typedef float U __attribute__((vector_size(${4 * lanes}), aligned(4)));`,
    `typedef int32_t I __attribute__((vector_size(${4 * lanes})));`,
    // What packing transposes: a float or a byte of each sample of a block.
    `typedef float P __attribute__((vector_size(${4 * samples}), aligned(4)));`,
    `typedef int32_t PI __attribute__((vector_size(${4 * samples})));`,
    `typedef uint8_t B __attribute__((vector_size(${samples}), aligned(1)));`,
    '#define F(address) (*(const float *)(address))',
    '#define W(address) (*(V *)(address))',
    '#define N(address) (*(U *)(address))',
    'INLINE V splat(float a) { return a - (V){}; }',
    'INLINE I whole(int32_t a) { return a - (I){}; }',
    'INLINE V pick(I mask, V a, V b) { return (V)((mask & (I)a) | (~mask & (I)b)); }',
    'INLINE V keep(I mask, V a) { return (V)(mask & (I)a); }',
    // `a < b ? b : a` is one instruction, which GCC does not find.
    ...['larger', 'smaller'].flatMap((name) => {
      const [operation, condition] = name === 'larger' ? ['max', 'a < b'] : ['min', 'b < a']
      return [
        `#if defined(__clang__) || !defined(__SSE2__)`,
        `INLINE V ${name}(V a, V b) { return pick(${condition}, b, a); }`,
        '#else',
        `INLINE V ${name}(V a, V b) { return ${extreme(operation!, lanes)}; }`,
        '#endif',
      ]
    }),
    'INLINE V absolute(V a) { return keep(whole(0x7fffffff), a); }',
    block('INLINE V root(V a)', 'for (int l = 0; l < LANES; l++) a[l] = __builtin_sqrtf(a[l]);', 'return a;'),
    // As in the reference: NaN is no power, and two multiplications reach subnormal results.
    'INLINE V power(I n) { return (V)((n + 127) << 23); }',
    block(
      'INLINE V scale(V a, V n)',
      'const I all = (n == n) & __builtin_convertvector(n, I);',
      'const I half = all >> 1;',
      'return (a * power(half)) * power(all - half);',
    ),
    'INLINE V exponent(V a) { return __builtin_convertvector((((I)a >> 23) & 255) - 127, V); }',
    'INLINE V mantissa(V a) { return (V)(((I)a & 0x7fffff) | 0x3f800000); }',
    `INLINE I below(long n) { return (I){${lanesOf(lanes, (at) => at % samples)}} < whole((int32_t)n); }`,
    across > 1 && samples > 1 ? groups(samples, across) : [],
  ]
}

/**
 * Vectors of several elements of several samples each: one element for all; one for each, shared by its samples; one for
 * each, wherever it lies. They read whole vectors, beyond what they need, because that is one instruction.
 */
function groups(samples: number, across: number): Lines {
  const lanes = samples * across
  const parameters = (type: string) => Array.from({ length: across }, (_, at) => `${type}p${at}`).join(', ')
  const own = (group: number): string => `(I){${lanesOf(lanes, (at) => (Math.floor(at / samples) === group ? -1 : 0))}}`
  return [
    block('INLINE V repeated(const char *p)', `return SHUFFLE(N(p), N(p), ${lanesOf(lanes, (at) => at % samples)});`),
    block(
      'INLINE V spread(const char *p)',
      `return SHUFFLE(N(p), N(p), ${lanesOf(lanes, (at) => Math.floor(at / samples))});`,
    ),
    block(
      `INLINE V spread_floats(${parameters('float ')})`,
      `return (V)(${Array.from({ length: across }, (_, at) => `(${own(at)} & (I)splat(p${at}))`).join(' | ')});`,
    ),
    block(`INLINE V gathered(${parameters('const char *')})`, gather(samples, across)),
  ]
}

/** Puts groups together two by two. */
function gather(samples: number, across: number): Lines {
  const lanes = samples * across
  const lines: string[] = Array.from({ length: across }, (_, at) => `const V g1_${at} = N(p${at});`)
  let width = 1
  for (; width < across; width *= 2) {
    const half = width * samples
    const pick = lanesOf(lanes, (at) => (at < half ? at : at < 2 * half ? lanes + at - half : at))
    for (let at = 0; at < across; at += 2 * width)
      lines.push(`const V g${2 * width}_${at} = SHUFFLE(g${width}_${at}, g${width}_${at + width}, ${pick});`)
  }
  return [lines, `return g${width}_0;`]
}

const extreme = (operation: string, lanes: number): string => {
  if (lanes === 16) return `__builtin_ia32_${operation}ps512_mask(b, a, a, (unsigned short)-1, 4)`
  return `__builtin_ia32_${operation}ps${lanes === 8 ? '256' : ''}(b, a)`
}

const lanesOf = (lanes: number, lane: (at: number) => number): string =>
  Array.from({ length: lanes }, (_, at) => lane(at)).join(', ')

/** 0, 1, 2, … */
export const counting = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, at) => from + at).join(', ')
