// What a run was made with: part of its config.json.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
export const version: string = (require('../package.json') as { version: string }).version

export const versions = (): Readonly<Record<string, string>> => ({
  lenet: version,
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
})
