// The data sets that there are: beside the page, and made in it.
import { computed, signal } from '@preact/signals'
import { type Manifest, manifestPath } from '../data/manifest.ts'
import { OWN, type OwnSet } from '../data/own-set.ts'
import type { DataSource } from '../data/source.ts'

export const manifest = signal<Manifest>([])
/** Images that were drawn or dropped in this page. */
export const own = signal<OwnSet | undefined>(undefined)

export const dataNames = computed(() => [
  ...manifest.value.map(({ name }) => name),
  ...(own.value === undefined ? [] : [OWN]),
])

const versions = new WeakMap<OwnSet, number>()
let version = 0

/** Tells one set of one's own from the next: objects that are sent to a worker are others there. */
function versionOf(set: OwnSet): number {
  const known = versions.get(set) ?? ++version
  versions.set(set, known)
  return known
}

const base = new URL('.', location.href.split('#')[0]).href

export const isManifestHere = signal(false)

let isLoaded: Promise<void> | undefined
export function loadManifest(): Promise<void> {
  isLoaded ??= fetchManifest().finally(() => {
    if (!isManifestHere.value) isLoaded = undefined
  })
  return isLoaded
}

async function fetchManifest(): Promise<void> {
  // Without the network, and before anything was kept: there are no sets.
  const response = await fetch(new URL(manifestPath, base)).catch(() => undefined)
  if (response === undefined) return
  if (response.ok) manifest.value = (await response.json()) as Manifest
  isManifestHere.value = true
}

export function sourceOf(name: string): DataSource | undefined {
  if (name === OWN) return own.value && { kind: 'own', name, version: versionOf(own.value), ...own.value }
  const entry = manifest.value.find((one) => one.name === name)
  return entry && { kind: 'beside', entry, base }
}

/** Training images that there are of a set. */
export const imagesOf = (name: string): number =>
  name === OWN ? (own.value?.train.labels.length ?? 0) : (manifest.value.find((one) => one.name === name)?.train ?? 0)
