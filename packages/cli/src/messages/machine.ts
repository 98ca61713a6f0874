// What is said of this machine, by bench and by doctor, in both languages.

export const machineEn = {
  bench: {
    step: (engine: string, rate: string, microseconds: string, peak: string) =>
      `${engine}: ${rate} images/s in training on one thread, ${microseconds} µs an image; one core reaches ${peak} GFLOP/s`,
    microseconds: 'µs an image',
    ofPeak: 'of peak',
    equation: 'equation (and how many are computed with it)',
    small: (kernels: string) => `${kernels} small ones`,
    rest: 'samples in and out, optimizer, memory',
  },

  doctor: {
    good: 'good',
    bad: 'missing',
    node: (version: string) => `Node ${version}`,
    nodeOld: (version: string, least: string) => `Node ${version} is too old; lenet needs ${least} or newer`,
    cores: (cores: number) => `${cores} ${cores === 1 ? 'processor' : 'processors'}`,
    simd: 'WebAssembly SIMD',
    noSimd: (problem: string) => `The wasm engine does not work, only the slow reference engine: ${problem}`,
    threads: (threads: number) => `Threads over shared memory (${threads})`,
    noThreads: 'No shared memory: lenet computes on one thread',
    engine: (name: string, rate: string) => `Engine ${name}: ${rate} images/s`,
    compiler: (version: string, lanes: number) =>
      `C compiler for engine native: ${version}, vectors of ${lanes} floats`,
    noNative: (reason: string) => `Training runs with wasm: ${reason}`,
    sharp: 'sharp reads PNG, JPEG and WebP',
    noSharp: 'sharp is missing: folders of images and predict do not work; install it with npm install sharp',
    data: (dataset: string, place: string) => `${dataset} in ${place}`,
    noData: (dataset: string) => `${dataset} is not here yet; it will be downloaded when you train on it`,
    allGood: 'Everything works. Try:  npx lenet train',
    problems: (problems: number) => `${problems} ${problems === 1 ? 'problem' : 'problems'} found.`,
  },
}

export const machineZh: typeof machineEn = {
  bench: {
    step: (engine, rate, microseconds, peak) =>
      `${engine}：单线程训练 ${rate} 张/秒，每张 ${microseconds} µs；单核峰值 ${peak} GFLOP/s`,
    microseconds: 'µs/张',
    ofPeak: '峰值占比',
    equation: '等式（及与其一并计算的数目）',
    small: (kernels) => `其余 ${kernels} 个小等式`,
    rest: '样本读入读出、优化器、内存',
  },

  doctor: {
    good: '正常',
    bad: '缺失',
    node: (version) => `Node ${version}`,
    nodeOld: (version, least) => `Node ${version} 版本过低，lenet 需要 ${least} 或更高版本`,
    cores: (cores) => `${cores} 个处理器核心`,
    simd: 'WebAssembly SIMD',
    noSimd: (problem) => `wasm 引擎不能工作，只能使用较慢的 reference 引擎：${problem}`,
    threads: (threads) => `共享内存多线程（${threads} 个线程）`,
    noThreads: '没有共享内存：lenet 将用单线程计算',
    engine: (name, rate) => `${name} 引擎：${rate} 张/秒`,
    compiler: (version, lanes) => `native 引擎的 C 编译器：${version}，每个向量 ${lanes} 个浮点数`,
    noNative: (reason) => `训练使用 wasm：${reason}`,
    sharp: 'sharp 可读取 PNG、JPEG 和 WebP',
    noSharp: '没有找到 sharp：无法读取图片文件夹，也无法使用 predict；可运行 npm install sharp 安装',
    data: (dataset, place) => `${dataset}：${place}`,
    noData: (dataset) => `本机还没有 ${dataset}，训练时会自动下载`,
    allGood: '一切正常。试试：npx lenet train',
    problems: (problems) => `发现 ${problems} 个问题。`,
  },
}
