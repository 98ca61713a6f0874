// Keeps the page for when there is no network, and adds the headers that let it share memory between threads.
const CACHE = `lenet-studio-${'VERSION'}`
const FILES = 'FILES'

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => Promise.all([cache.addAll(FILES), keepManifest(cache)]))
      .then(() => self.skipWaiting()),
  )
})

/** Hosts without data have none. */
async function keepManifest(cache) {
  const response = await fetch('./data/index.json').catch(() => undefined)
  if (response?.ok) await cache.put('./data/index.json', response)
}

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('lenet-studio-') && name !== CACHE)
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

const isolated = (response) => {
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The network first, so that a new build is seen at once; what was seen before where there is none. */
async function answer(request) {
  const cache = await caches.open(CACHE)
  try {
    const response = await fetch(request)
    if (response.ok && response.status === 200) await cache.put(request, response.clone())
    return isolated(response)
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true })
    if (kept) return isolated(kept)
    throw error
  }
}

self.addEventListener('fetch', (event) => {
  const { method, url } = event.request
  if (method === 'GET' && new URL(url).origin === location.origin) event.respondWith(answer(event.request))
})
