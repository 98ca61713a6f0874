// One more thread on the same memory: a Web Worker or a worker of Node, from a script of three lines that needs no file.

export interface Thread {
  end(): void
}

/** Starts a thread that serves until it is told to stop, and waits until it is there. */
export async function spawn(module: WebAssembly.Module, memory: WebAssembly.Memory, thread: number): Promise<Thread> {
  const work = { module, memory, thread }
  return typeof Worker === 'undefined' ? spawnInNode(work) : spawnInBrowser(work)
}

interface Work {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly thread: number
}

const run =
  'const serve = ({ module, memory, thread }) => new WebAssembly.Instance(module, { env: { memory } }).exports.serve(thread)'

async function spawnInNode(work: Work): Promise<Thread> {
  const { Worker } = process.getBuiltinModule('worker_threads')
  const script = `const { workerData, parentPort } = require('worker_threads'); ${run}; parentPort.postMessage('ready'); serve(workerData)`
  const worker = new Worker(script, { eval: true, workerData: work })
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
  })
  worker.unref()
  return { end: () => void worker.terminate() }
}

async function spawnInBrowser(work: Work): Promise<Thread> {
  const script = `${run}; onmessage = ({ data }) => { postMessage('ready'); serve(data) }`
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  const worker = new Worker(url)
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve()
    worker.onerror = (event) => reject(new Error(event.message))
    worker.postMessage(work)
  })
  URL.revokeObjectURL(url)
  return { end: () => worker.terminate() }
}
