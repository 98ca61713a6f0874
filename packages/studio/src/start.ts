// What happens once: the service worker, the link, the data that there are, the first model and the first drawing.
import { filePath } from './data/manifest.ts'
import { readLink } from './experiment/link.ts'
import { loadManifest, manifest } from './state/data.ts'
import { watchDrops } from './state/drops.ts'
import { linked } from './state/linked.ts'
import { problem, seer, showModel } from './state/looking.ts'
import { setup } from './state/runs.ts'
import { showStrokes, sight } from './views/draw/drawing.ts'
import { examples } from './views/draw/examples.ts'

export async function start(): Promise<void> {
  takeLink()
  addEventListener('hashchange', takeLink)
  watchDrops()
  void showStrokes(examples[0]!)
  const drawn = sight()
  if (drawn) void seer.ask('warm', drawn)
  await openFirst()
  const { keepWork, guardLeaving } = await import('./state/keeping.ts')
  await keepWork()
  guardLeaving()
  await Promise.all([loadManifest(), isolate()])
  void keepData()
}

function takeLink(): void {
  const experiment = readLink(location.hash)
  if (experiment === undefined) return
  linked.value = experiment
  setup.value = experiment.setup
}

/** The model that the server was started with, or the one that comes with the page. */
export async function openFirst(): Promise<void> {
  try {
    const [address, name] = (globalThis as unknown as { firstModel: [string, string] }).firstModel
    const { model } = await seer.ask('first', address, name)
    await showModel(name, model)
  } catch (error) {
    problem.value = (error as Error).message
  }
}

/** Where the host sends no headers of isolation, the service worker does; it takes one more loading of the page. */
async function isolate(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  // The command's own server sends the headers, and needs nothing kept.
  if (crossOriginIsolated && ['localhost', '127.0.0.1'].includes(location.hostname)) return
  const registration = await navigator.serviceWorker.register('./service-worker.js').catch(() => undefined)
  if (registration === undefined || crossOriginIsolated) return
  await navigator.serviceWorker.ready
  // Once only: some hosts and private windows cannot be isolated at all.
  if (sessionStorage.getItem('isolated') === 'tried') return
  sessionStorage.setItem('isolated', 'tried')
  location.reload()
}

/** Bytes that are fetched without being asked for, so that training and measuring work without the network, too. */
const MOST_KEPT = 8_000_000

/** What passes through the service worker is kept by it. */
async function keepData(): Promise<void> {
  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true
  if (!('serviceWorker' in navigator) || import.meta.env.DEV || saves) return
  if ((await navigator.serviceWorker.getRegistration()) === undefined) return
  await navigator.serviceWorker.ready
  const small = manifest.value.filter(({ bytes }) => bytes !== undefined && bytes.train + bytes.test < MOST_KEPT)
  for (const { name } of small)
    for (const split of ['train', 'test'] as const)
      for (const part of ['images', 'labels'] as const)
        await fetch(new URL(filePath(name, split, part), location.href)).catch(() => undefined)
}
