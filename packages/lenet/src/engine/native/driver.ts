// What a thread does (see wasm/driver.ts), and the module's functions for JavaScript. A machine's own record lies at the head
// of its memory, which JavaScript sees as one ArrayBuffer.
import type { KernelSegment } from '../compile/loops.ts'
import { SHARES } from '../program.ts'
import { nodeApi as declarations, exported } from './node-api.ts'
import { block, type Lines } from './text.ts'

export interface DriverPlan {
  readonly blockBytes: number
  readonly shareBytes: number
  /** Bytes of an input's sample, and of an output's. */
  readonly inputBytes: readonly number[]
  readonly outputBytes: readonly number[]
  readonly sampleKernels: number
  /** Of each gradient, whether it adds to what one before has given. */
  readonly meetKernels: readonly boolean[]
  readonly segments: readonly KernelSegment[]
  /** Bytes of all parameters; 0 where nothing is trained. */
  readonly parameterBytes: number
}

/** Bytes at the head of the memory that are the machine's own. */
export const HEAD_BYTES = 4096
const MOST_THREADS = 64

const numbered = (count: number, line: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => line(at))

export const printDriver = (plan: DriverPlan): Lines => [machine(plan), work(plan), threads, nodeApi(plan)]

const machine = ({ inputBytes, outputBytes }: DriverPlan): Lines => [
  `#define SHARES ${SHARES}`,
  `#define INPUTS ${inputBytes.length}`,
  `#define OUTPUTS ${outputBytes.length}`,
  'struct machine {',
  '  _Alignas(64) atomic_int generation;',
  '  _Alignas(64) atomic_int claimed;',
  '  _Alignas(64) atomic_int arrived;',
  '  _Alignas(64) atomic_int finished;',
  '  _Alignas(64) atomic_int done;',
  '  _Alignas(64) int samples, slot, active, threads, stop;',
  '  long scratch, shares, input[INPUTS + 1], slot_bytes[INPUTS + 1], output[OUTPUTS + 1];',
  '  pthread_mutex_t lock;',
  '  pthread_cond_t wake;',
  `  pthread_t others[${MOST_THREADS}];`,
  '};',
  `_Static_assert(sizeof(struct machine) <= ${HEAD_BYTES}, "the head is too small");`,
]

/** One segment of one block: the first brings samples in, the last takes them out. */
const segment = ({ inputBytes, outputBytes, segments }: DriverPlan, number: number): Lines =>
  block(
    `static void segment_${number}(struct machine *m, char *block, long first)`,
    'char *const memory = (char *)m;',
    number > 0
      ? []
      : inputBytes.map(
          (bytes, at) =>
            `pack_${at}(block, memory + m->input[${at}] + m->slot * m->slot_bytes[${at}] + first * ${bytes});`,
        ),
    segments[number]!.sample.map((at) => `sample_${at}(block, memory);`),
    number < segments.length - 1
      ? []
      : outputBytes.map((bytes, at) => `unpack_${at}(block, memory + m->output[${at}] + first * ${bytes});`),
  )

const work = (plan: DriverPlan): Lines => [
  plan.segments.map((_, at) => segment(plan, at)),
  block(
    'static void one_tile(struct machine *m, char *tile, long number, char *share, int is_first)',
    'const long first = number * TILE, left = m->samples - first, present = left < TILE ? left : TILE;',
    plan.segments.map(({ units }, at) => [
      `for (long n = 0; n * SAMPLES < present; n++) segment_${at}(m, tile + n * BLOCK_BYTES, first + n * SAMPLES);`,
      units
        .flat()
        .map((meet) => `meet_${meet}(tile, (char *)m, share, present, ${plan.meetKernels[meet] ? '0' : 'is_first'});`),
    ]),
  ),
  'INLINE void rest(void) {',
  '#if defined(__x86_64__)',
  '  __builtin_ia32_pause();',
  '#elif defined(__aarch64__)',
  '  __asm__ volatile("yield");',
  '#endif',
  '}',
  '#define SPINS 20000',
  block(
    'static void wait_until(atomic_int *word, int value)',
    'for (int spins = 0; atomic_load(word) < value; spins++) if (spins < SPINS) rest(); else sched_yield();',
  ),
  block(
    'static void meet(struct machine *m, atomic_int *counter)',
    'atomic_fetch_add(counter, 1);',
    'wait_until(counter, m->active);',
  ),
  '// All threads on a single tile. What there is to do has numbers, stage after stage: the blocks of a segment, its gradients,',
  '// the blocks of the next segment. A thread takes the next number and waits until all earlier stages are done.',
  block(
    'static void single_tile(struct machine *m)',
    'char *const memory = (char *)m, *const tile = memory + m->scratch;',
    'const int blocks = (m->samples + SAMPLES - 1) / SAMPLES;',
    'int start = 0, n = atomic_fetch_add(&m->claimed, 1);',
    plan.segments.map(({ units }, at) => [
      stage('blocks', `segment_${at}(m, tile + (n - start) * BLOCK_BYTES, (n - start) * SAMPLES);`),
      units.length === 0 ? [] : stage(`${units.length}`, gradients(plan, units)),
    ]),
  ),
  block(
    'static void work(struct machine *m, long thread)',
    'const int tiles = (m->samples + TILE - 1) / TILE, shares = tiles < SHARES ? tiles : SHARES;',
    'char *const tile = (char *)m + m->scratch + thread * BLOCKS * BLOCK_BYTES;',
    'int share;',
    'if (m->active > 1 && tiles == 1) single_tile(m);',
    block(
      'else while ((share = atomic_fetch_add(&m->claimed, 1)) < shares)',
      'for (int t = share; t < tiles; t += SHARES) one_tile(m, tile, t, (char *)m + m->shares + share * SHARE_BYTES, t == share);',
    ),
    plan.parameterBytes === 0
      ? []
      : [
          'if (m->active > 1) meet(m, &m->arrived);',
          `const long lines = ${Math.ceil(plan.parameterBytes / 64)};`,
          'update((char *)m, (char *)m + m->shares, shares, lines * thread / m->active * 64, lines * (thread + 1) / m->active * 64);',
        ],
  ),
]

const stage = (count: string, job: Lines): Lines => [
  block(
    `for (; n < start + ${count}; n = atomic_fetch_add(&m->claimed, 1))`,
    'wait_until(&m->done, start);',
    job,
    'atomic_fetch_add(&m->done, 1);',
  ),
  `start += ${count};`,
]

/** The last gradients are those of the first layers: the most work, so that it is taken first. */
const gradients = ({ meetKernels }: DriverPlan, units: KernelSegment['units']): Lines =>
  block(
    'switch (n - start)',
    units.toReversed().map((unit, turn) => {
      const calls = unit.map(
        (at) => `meet_${at}(tile, memory, memory + m->shares, m->samples, ${meetKernels[at] ? 0 : 1});`,
      )
      return `case ${turn}: ${calls.join(' ')} break;`
    }),
  )

const threads: Lines = [
  'struct server { struct machine *m; long thread; };',
  block(
    'static void *serve(void *server)',
    'const struct server own = *(struct server *)server;',
    'free(server);',
    'struct machine *const m = own.m;',
    block(
      'for (int seen = 0;;)',
      'for (int spins = 0; atomic_load(&m->generation) == seen && spins < SPINS; spins++) rest();',
      block(
        'if (atomic_load(&m->generation) == seen)',
        'pthread_mutex_lock(&m->lock);',
        'while (atomic_load(&m->generation) == seen) pthread_cond_wait(&m->wake, &m->lock);',
        'pthread_mutex_unlock(&m->lock);',
      ),
      'seen = atomic_load(&m->generation);',
      'if (m->stop) return 0;',
      'work(m, own.thread);',
      'atomic_fetch_add(&m->finished, 1);',
    ),
  ),
  block(
    'static void announce(struct machine *m)',
    'pthread_mutex_lock(&m->lock);',
    'atomic_fetch_add(&m->generation, 1);',
    'pthread_cond_broadcast(&m->wake);',
    'pthread_mutex_unlock(&m->lock);',
  ),
  block(
    'static void open_machine(struct machine *m, const double *layout)',
    'm->scratch = *layout++;',
    'm->shares = *layout++;',
    'for (int n = 0; n < INPUTS; n++) { m->input[n] = *layout++; m->slot_bytes[n] = *layout++; }',
    'for (int n = 0; n < OUTPUTS; n++) m->output[n] = *layout++;',
    'pthread_mutex_init(&m->lock, 0);',
    'pthread_cond_init(&m->wake, 0);',
  ),
  block(
    'static void add_threads(struct machine *m, int wanted)',
    block(
      'for (m->threads = 1; m->threads < wanted; m->threads++)',
      'struct server *const own = malloc(sizeof(struct server));',
      'if (!own) return;',
      '*own = (struct server){m, m->threads};',
      'if (pthread_create(&m->others[m->threads], 0, serve, own)) { free(own); return; }',
    ),
  ),
  block(
    'static void start_machine(struct machine *m, int samples, int slot)',
    'm->samples = samples;',
    'm->slot = slot;',
    'atomic_store(&m->claimed, 0);',
    'atomic_store(&m->arrived, 0);',
    'atomic_store(&m->finished, 0);',
    'atomic_store(&m->done, 0);',
    '// Of a single block there is nothing to share: waking the others would cost more than they save.',
    'm->active = samples <= SAMPLES ? 1 : m->threads;',
    'if (m->active > 1) announce(m);',
  ),
  block('static void finish_machine(struct machine *m)', 'work(m, 0);', 'wait_until(&m->finished, m->active - 1);'),
  block(
    'static void close_machine(struct machine *m)',
    'if (m->threads <= 1) return;',
    'm->stop = 1;',
    'announce(m);',
    'while (m->threads > 1) pthread_join(m->others[--m->threads], 0);',
  ),
]

const nodeApi = (plan: DriverPlan): Lines => [
  declarations,
  block('static void let_go(env e, void *memory, void *taken)', 'close_machine(memory);', 'free(taken);'),
  '// open(layout, bytes, threads): the memory, all zeros but its head. What calloc gives is not touched before it is used.',
  block(
    'static value js_open(env e, void *info)',
    'size_t count = 3;',
    'value arguments[3], result = 0;',
    'void *layout = 0;',
    'double bytes = 0;',
    'int32_t wanted = 1;',
    'napi_get_cb_info(e, info, &count, arguments, 0, 0);',
    'napi_get_arraybuffer_info(e, arguments[0], &layout, 0);',
    'napi_get_value_double(e, arguments[1], &bytes);',
    'napi_get_value_int32(e, arguments[2], &wanted);',
    'char *const taken = calloc((size_t)bytes + 64, 1);',
    'if (!taken) return 0;',
    'struct machine *const m = (struct machine *)(((uintptr_t)taken + 63) & ~(uintptr_t)63);',
    'open_machine(m, layout);',
    'add_threads(m, wanted);',
    'if (napi_create_external_arraybuffer(e, m, (size_t)bytes, let_go, taken, &result)) { close_machine(m); free(taken); return 0; }',
    'return result;',
  ),
  block(
    'static struct machine *machine_of(env e, void *info, int32_t *a, int32_t *b)',
    'size_t count = 3;',
    'value arguments[3];',
    'void *memory = 0;',
    'napi_get_cb_info(e, info, &count, arguments, 0, 0);',
    'napi_get_arraybuffer_info(e, arguments[0], &memory, 0);',
    'if (a && count > 1) napi_get_value_int32(e, arguments[1], a);',
    'if (b && count > 2) napi_get_value_int32(e, arguments[2], b);',
    'return memory;',
  ),
  block(
    'static value js_start(env e, void *info)',
    'int32_t samples = 0, slot = 0;',
    'struct machine *const m = machine_of(e, info, &samples, &slot);',
    'start_machine(m, samples, slot);',
    'return 0;',
  ),
  'static value js_finish(env e, void *info) { finish_machine(machine_of(e, info, 0, 0)); return 0; }',
  'static value js_close(env e, void *info) { close_machine(machine_of(e, info, 0, 0)); return 0; }',
  block(
    'static value js_threads(env e, void *info)',
    'value result;',
    'napi_create_int32(e, machine_of(e, info, 0, 0)->threads, &result);',
    'return result;',
  ),
  '// kernel(memory, number, times): for measuring, one kernel on the first tile',
  block(
    'static value js_kernel(env e, void *info)',
    'int32_t number = 0, times = 0;',
    'struct machine *const m = machine_of(e, info, &number, &times);',
    'char *const memory = (char *)m, *const tile = memory + m->scratch, *const share = memory + m->shares;',
    block(
      'while (times-- > 0) switch (number)',
      numbered(
        plan.sampleKernels,
        (at) => `case ${at}: for (int n = 0; n < BLOCKS; n++) sample_${at}(tile + n * BLOCK_BYTES, memory); break;`,
      ),
      numbered(
        plan.meetKernels.length,
        (at) => `case ${plan.sampleKernels + at}: meet_${at}(tile, memory, share, TILE, 0); break;`,
      ),
    ),
    'return 0;',
  ),
  exported('open', 'start', 'finish', 'close', 'threads', 'kernel'),
]
