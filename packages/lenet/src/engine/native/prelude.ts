// The head of every module: vectors of as many floats as the machine has lanes, in GNU C, and what GNU C lacks on them.
// The language has no vector `?:`; choices are masks.
import { TILE } from '../program.ts'
import { block, type Lines } from './text.ts'

/** Names: `V` and `I` are vectors of float and int32, `U` a vector of float at any address. */
export const prelude = (lanes: number): Lines => [
  '#include <pthread.h>',
  '#include <sched.h>',
  '#include <stdatomic.h>',
  '#include <stdint.h>',
  '#include <stdlib.h>',
  '#include <string.h>',
  '#if defined(__clang__)',
  '#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)',
  '#define SHUFFLE_BYTES SHUFFLE',
  '#else',
  '#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (I){__VA_ARGS__})',
  '#define SHUFFLE_BYTES(a, b, ...) __builtin_shuffle(a, b, (B){__VA_ARGS__})',
  '#endif',
  '#define INLINE static inline __attribute__((always_inline))',
  `#define LANES ${lanes}`,
  `#define BLOCKS ${TILE / lanes}`,
  `typedef float V __attribute__((vector_size(${4 * lanes})));`,
  `typedef float U __attribute__((vector_size(${4 * lanes}), aligned(4)));`,
  `typedef int32_t I __attribute__((vector_size(${4 * lanes})));`,
  `typedef uint8_t B __attribute__((vector_size(${lanes})));`,
  `typedef uint8_t C __attribute__((vector_size(${lanes}), aligned(1)));`,
  '#define F(address) (*(const float *)(address))',
  '#define W(address) (*(V *)(address))',
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
  `INLINE I below(long n) { return (I){${counting(lanes)}} < whole((int32_t)n); }`,
]

const extreme = (operation: string, lanes: number): string => {
  if (lanes === 16) return `__builtin_ia32_${operation}ps512_mask(b, a, a, (unsigned short)-1, 4)`
  return `__builtin_ia32_${operation}ps${lanes === 8 ? '256' : ''}(b, a)`
}

/** 0, 1, 2, … */
export const counting = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, at) => from + at).join(', ')
