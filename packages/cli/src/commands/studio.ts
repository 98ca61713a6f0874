// lenet studio: the web page in which a model is trained, understood and tried, served on this machine.
import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { UsageError } from 'lenet'
import { type Context, readNumber } from '../context.ts'
import { loadModel, type ModelFlags } from '../load-model.ts'
import { checkDataDir } from '../read-data.ts'
import { STUDIO_PORT } from '../studio-port.ts'
import { studioApp, studioFolder } from '../studio-server.ts'

export interface StudioFlags extends ModelFlags {
  readonly port?: string
  readonly open?: boolean
  readonly dataDir?: string
}

export async function studioCommand(context: Context, path: string | undefined, flags: StudioFlags): Promise<void> {
  const port = flags.port === undefined ? undefined : readPort(context, flags.port)
  await checkDataDir(context, 'studio', flags.dataDir)
  const folder = await studioFolder(context)
  const model = path === undefined ? undefined : (await loadModel(context, 'studio', path, flags)).model
  const app = studioApp(folder, {
    ...(path !== undefined && model !== undefined && { model: { name: path, parts: model } }),
    ...(flags.dataDir !== undefined && { dataDir: flags.dataDir }),
  })
  const address = `http://localhost:${await listen(context, app.fetch, port)}/`
  context.emit({ event: 'listening', address })
  context.say(context.messages.studio.at(address))
  context.say(context.messages.studio.stop)
  if (flags.open !== false && process.stdout.isTTY) openInBrowser(address)
}

function readPort(context: Context, text: string): number {
  const port = readNumber(context, 'studio', '--port', text, { whole: 0 })
  if (port > 65535) throw new UsageError(context.messages.studio.noPort(text))
  return port
}

async function listen(
  { messages }: Context,
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'],
  wanted: number | undefined,
): Promise<number> {
  const start = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createAdaptorServer({ fetch })
      server.once('error', reject)
      // Only this machine: the page has no password.
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
  try {
    return await start(wanted ?? STUDIO_PORT)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') throw new UsageError(messages.studio.portForbidden(wanted ?? STUDIO_PORT))
    if (code !== 'EADDRINUSE') throw error
    if (wanted !== undefined) throw new UsageError(messages.studio.portTaken(wanted))
    return await start(0)
  }
}

/** Where no browser can be opened, the address is enough. */
function openInBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address]
  const child = spawn(command!, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
