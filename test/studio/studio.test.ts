// The studio, driven as people drive it: the ten things that it can do, in a real Chromium.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openModel, readWasm, weightsHash } from '../../packages/lenet/src/index.ts'
import { shipped } from '../../packages/studio/src/views/model/shipped.ts'
import {
  CLI,
  changed,
  draw,
  executable,
  go,
  launch,
  type Opened,
  openPage,
  picture,
  ROOT,
  type Served,
  serveStudio,
} from './browser.ts'

if (executable === undefined) console.log('skipped: the studio (no Chromium found; set LENET_CHROMIUM)')

const SEVEN = [
  [0.28, 0.25],
  [0.72, 0.22],
  [0.42, 0.82],
] as const
const ONE = [
  [0.52, 0.18],
  [0.48, 0.84],
] as const

/** Of the second convolution: what one step changes in the few kernels of the first can be less than a shade. */
const KERNELS = '.kernels >> nth=1 >> canvas'

/** The machine may be busy. */
const SOON = { timeout: 15_000 } as const

const MINUS = '−'
const numberOf = (text: string | null): number => Number(text!.replace(MINUS, '-').replace(/[^\d.e-]/g, ''))

/** Fills a field of the experiment. */
async function fill(page: Page, label: string, value: number): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(`${value}`)
  await page.getByLabel(label, { exact: true }).press('Tab')
}

const play = (page: Page): Promise<void> => page.click('.dock .primary')

async function trainToTheEnd(page: Page): Promise<string> {
  await play(page)
  return (await page.locator('[data-hash]').getAttribute('data-hash', { timeout: 60_000 }))!
}

/** A small experiment: some thousand images, two epochs. */
async function setUpSmall(page: Page): Promise<void> {
  await fill(page, 'Training images', 4000)
  await fill(page, 'Epochs', 2)
}

describe.skipIf(executable === undefined)('the studio', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-studio-'))
  let browser: Browser
  let served: Served
  let opened: Opened
  let page: Page
  let link = ''
  let hash = ''

  /** Runs the command that the page tells; gives the hash of the weights. */
  function train(command: string, run: string): string {
    const [, , ...args] = command.split(' ')
    const out = execFileSync(process.execPath, [CLI, ...args, '--json', '--out', join(folder, run)], {
      encoding: 'utf8',
    })
    return (JSON.parse(out.trim().split('\n').at(-1)!) as { weightsHash: string }).weightsHash
  }

  beforeAll(async () => {
    ;[browser, served] = await Promise.all([launch(), serveStudio()])
    opened = await openPage(browser, served.address)
    page = opened.page
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    served?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('1: a drawing is answered by every layer while the stroke is still moving', async () => {
    await page.click('text=Clear')
    await page.waitForSelector('.verdict .none')
    const blank = await picture(page, '.network canvas')
    await draw(page, SEVEN, async () => {
      await changed(page, '.network canvas', blank)
      expect(await page.textContent('.verdict strong')).toBe('7')
    })
    expect(await page.locator('.steps li').allTextContents()).toEqual([
      'cropped',
      'in 20×20',
      'centre of mass',
      '28×28',
      '32×32',
    ])
    expect(await page.locator('.stage-name b').allTextContents()).toEqual([
      'input',
      'conv1',
      'pool1',
      'conv2',
      'pool2',
      'fc1',
      'fc2',
    ])
    const shares = await page.locator('.output .share').allTextContents()
    expect(shares.map(numberOf).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -0.5)
  })

  test('2: a unit shows what it sees, and its equation in numbers comes out', async () => {
    const box = (await page.locator('.network').boundingBox())!
    const label = (await page.locator('.stage-name', { hasText: 'conv2' }).boundingBox())!
    const before = await picture(page, '.network canvas')
    const place = [label.x + label.width / 2 + 20, box.y + 40 + 120] as const
    await page.mouse.move(...place)
    await changed(page, '.network canvas', before)
    expect(await page.textContent('.inspector header')).toContain('sees 14 × 14 pixels of the input')
    await page.mouse.click(...place)
    await page.mouse.move(5, 5)
    const [, sum] = await page.locator('.formula code:first-child').allTextContents()
    expect(sum).toBe('y[o,i,j] += weight[o,c,u,v] * x[c, i*stride0+u-padding0, j*stride1+v-padding1]')
    const lines = (await page.locator('.account output').allTextContents()).map(numberOf)
    const [terms, others, bias, total] = lines as [number, number, number, number]
    const parts = (await page.locator('.channels span').allTextContents()).map(numberOf)
    const result = numberOf(await page.locator('.result').textContent())
    expect(parts.length).toBe(6)
    expect(terms).toBe(parts[0])
    expect(parts.reduce((all, part) => all + part, 0)).toBeCloseTo(terms + others, 1)
    expect(terms + others + bias).toBeCloseTo(total, 1)
    expect(await page.textContent('.inspector h2')).toContain('relu2(conv2)')
    expect(Math.max(0, total)).toBeCloseTo(result, 2)
    // All of it is in sight.
    const account = (await page.locator('.account').boundingBox())!
    expect(account.y + account.height).toBeLessThan(900)
    const pointed = await picture(page, '.network canvas >> nth=1')
    await page.locator('.output').nth(3).hover()
    await changed(page, '.network canvas >> nth=1', pointed)
    await page.mouse.move(5, 5)
  })

  test('2: keys choose a unit, too, and its name is spoken', async () => {
    await page.focus('.network')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press(']')
    await page.keyboard.press('ArrowRight')
    expect(await page.textContent('.inspector h2')).toContain('pool1 [0, 7, 8]')
    expect(await page.textContent('.network [aria-live]')).toMatch(/^pool1 \[0, 7, 8\]: /)
  })

  test('1: keys draw, too', async () => {
    await page.focus('.paper')
    await page.keyboard.press('Delete')
    await page.waitForSelector('.verdict .none')
    for (let up = 0; up < 3; up++) await page.keyboard.press('Shift+ArrowUp')
    await page.keyboard.press('Space')
    for (let down = 0; down < 6; down++) await page.keyboard.press('Shift+ArrowDown')
    expect(await page.locator('.keys').isVisible()).toBe(true)
    await expect.poll(() => page.textContent('.verdict strong')).toBe('1')
    await page.keyboard.press('Space')
  })

  test('3: training in the page, with steps forward and back, comes to the weights of the command line', async () => {
    await go(page, 'train')
    await setUpSmall(page)
    await page.getByRole('button', { name: 'One step' }).click()
    await page.waitForSelector('text=epoch 0.02 of 2')
    const kernels = await picture(page, KERNELS)
    await page.getByRole('button', { name: 'One step' }).click()
    await page.waitForSelector('text=epoch 0.03 of 2')
    await changed(page, KERNELS, kernels)
    await page.getByRole('button', { name: 'Back' }).click()
    await page.waitForSelector('text=epoch 0.02 of 2')
    expect(await picture(page, KERNELS)).toBe(kernels)
    hash = await trainToTheEnd(page)
    const command = (await page.textContent('.outcome dd:last-of-type code'))!
    expect(command).toBe('npx lenet train mnist --limit 4000 --epochs 2')
    expect(hash).toBe(train(command, 'run'))
    const states = await page.locator('.states tbody tr').allTextContents()
    expect(states.map((row) => row.match(/^[a-z]+\d/)![0])).toEqual(
      'conv1 relu1 conv2 relu2 fc1 relu3 fc2 relu4 fc3'.split(' '),
    )
    await page.click('text=Copy link')
    link = page.url()
    expect(link).toContain(`hash=${hash.slice(0, 16)}`)
  }, 90_000)

  test('4: the slider goes back to any moment: kernels, verdict and confusion are those of then', async () => {
    const slider = page.getByRole('slider', { name: 'Moment of training' })
    await slider.focus()
    await page.keyboard.press('Home')
    await page.waitForSelector('text=epoch 0.00 of 2')
    await go(page, 'mistakes')
    const accuracy = async () => numberOf(await page.textContent('.measured strong'))
    await expect.poll(accuracy, { timeout: 10_000 }).toBeLessThan(30)
    await page.getByRole('slider', { name: 'Moment of training' }).focus()
    await page.keyboard.press('End')
    await expect.poll(accuracy, { timeout: 10_000 }).toBeGreaterThan(80)
    await go(page, 'draw')
    const trained = await page.locator('.output .share').allTextContents()
    await page.getByRole('slider', { name: 'Moment of training' }).focus()
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('.output .share').allTextContents()).not.toEqual(trained)
    await page.getByRole('slider', { name: 'Moment of training' }).focus()
    await page.keyboard.press('End')
    await expect.poll(() => page.locator('.output .share').allTextContents()).toEqual(trained)
  }, 60_000)

  test('5: runs are laid over each other, with their parameters and fields', async () => {
    await go(page, 'compare')
    await page.getByRole('button', { name: 'lenet-gap' }).click()
    await expect.poll(() => page.locator('tbody tr').count(), { timeout: 20_000 }).toBe(2)
    const [first, second] = await page.locator('tbody tr').allTextContents()
    expect(first).toContain('61,706')
    expect(second).toContain('lenet-gap')
    expect(await page.locator('.field-figure').count()).toBe(2)
    await expect.poll(() => page.locator('tbody tr').nth(1).textContent(), { timeout: 30_000 }).toMatch(/\d%\d/)
    await page.locator('tbody tr').first().getByRole('button').click()
    expect(await page.textContent('.which')).toBe('lenet · mnist')
  }, 90_000)

  test('6: a cell of the confusion matrix shows its images, and an image goes to the network', async () => {
    await go(page, 'mistakes')
    await page.waitForSelector('.confusion')
    await expect.poll(() => page.textContent('.measured span'), { timeout: 15_000 }).toContain('of 10,000 wrong')
    const cells = page.locator('.confusion td button')
    const counts = (await cells.allTextContents()).map((text) => Number(text || 0))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10_000)
    const at = counts.findIndex((count, index) => count > 0 && count <= 60 && index % 11 !== 0)
    await cells.nth(at).click()
    await expect.poll(() => page.locator('.stack .panel').first().locator('.images li').count()).toBe(counts[at])
    await expect.poll(() => page.getByRole('list', { name: 'Worst mistakes' }).locator('li').count()).toBe(24)
    expect(await page.getByRole('list', { name: 'Test images' }).locator('[data-wrong=true]').count()).toBeGreaterThan(
      0,
    )
    const first = page.getByRole('list', { name: 'Worst mistakes' }).locator('button').first()
    const answer = (await first.locator('b').textContent())!.replace('→ ', '')
    await page.waitForTimeout(100)
    await first.click()
    await expect.poll(() => page.textContent('.verdict strong')).toBe(answer)
    expect(await page.textContent('.origin')).toMatch(/Image \d+ of mnist\. True class: \d; wrong/)
    const before = await page.textContent('.origin p')
    await page.click('text=Next mistake')
    await expect.poll(() => page.textContent('.origin p')).not.toBe(before)
  }, 60_000)

  test('the network of 1998 paints the code of its answer, and learns here as in the command', async () => {
    await go(page, 'train')
    await page.locator('.setup select').first().selectOption('lenet5')
    await fill(page, 'Training images', 1500)
    await fill(page, 'Epochs', 1)
    await play(page)
    await page.waitForFunction(() => document.querySelector('.which')?.textContent === 'lenet5 · mnist')
    const hash5 = await page.locator('[data-hash]').getAttribute('data-hash', { timeout: 60_000 })
    const command = (await page.textContent('.outcome dd:last-of-type code'))!
    expect(command).toBe('npx lenet train mnist --model lenet5 --limit 1500 --epochs 1')
    expect(hash5).toBe(train(command, 'run5'))
    await go(page, 'draw')
    expect(await page.locator('.output canvas').count()).toBe(10)
    await page.locator('.output').first().click()
    expect(await page.locator('.formula code').first().textContent()).toBe(
      'y[k] += (x[i] - weight[k,i]) * (x[i] - weight[k,i])',
    )
    await page.getByRole('button', { name: 'Deselect' }).click()
    await go(page, 'train')
    await page.locator('.setup select').first().selectOption('lenet')
  }, 90_000)

  test("7: one's own classes are drawn, trained and recognised", async () => {
    await go(page, 'own')
    const names = ['tick', 'bar'] as const
    for (const [at, name] of names.entries()) await page.getByLabel('Name of the class').nth(at).fill(name)
    for (let shift = 0; shift < 4; shift++) {
      await draw(page, [
        [0.25 + shift / 50, 0.5],
        [0.45, 0.75 - shift / 40],
        [0.8, 0.2 + shift / 30],
      ])
      await page.click('text=Add to tick')
      await draw(page, [
        [0.48 + shift / 60, 0.15 + shift / 40],
        [0.52 - shift / 60, 0.85],
      ])
      await page.click('text=Add to bar')
    }
    await page.click('text=Train on these')
    await page.waitForSelector('[data-hash]', { timeout: 60_000 })
    await go(page, 'draw')
    await draw(page, [
      [0.22, 0.55],
      [0.42, 0.8],
      [0.76, 0.24],
    ])
    await expect.poll(() => page.textContent('.verdict strong')).toBe('tick')
    await page.click('text=Clear')
    await draw(page, ONE)
    await expect.poll(() => page.textContent('.verdict strong')).toBe('bar')
  }, 90_000)

  test('7: a folder with one sub-folder of pictures a class is a data set', async () => {
    for (const [name, colour] of [
      ['red', '#d22'],
      ['blue', '#22d'],
    ] as const) {
      mkdirSync(join(folder, 'colours', name), { recursive: true })
      for (const side of [40, 64])
        await sharp({ create: { width: side, height: side, channels: 3, background: colour } })
          .png()
          .toFile(join(folder, 'colours', name, `${side}.png`))
    }
    await go(page, 'own')
    await page.getByLabel('Choose a folder').setInputFiles(join(folder, 'colours'))
    await expect
      .poll(() =>
        page.getByLabel('Name of the class').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)),
      )
      .toEqual(['blue', 'red'])
    expect(await page.locator('.class .images li').count()).toBe(4)
  }, 60_000)

  test('8: a model in any format is opened, and written in every format, equal to the last bit', async () => {
    await go(page, 'model')
    await page.getByLabel('Choose a file').setInputFiles(join(folder, 'run/model.safetensors'))
    await expect.poll(() => page.textContent('.which')).toBe('model.safetensors')
    const files = new Map<string, Uint8Array>()
    for (const format of ['safetensors', 'pth', 'onnx', 'wasm']) {
      await page.getByRole('button', { name: `.${format}` }).click()
      const part = page.locator('.exports li', { has: page.getByRole('button', { name: `.${format}` }) })
      await part.locator('.good').waitFor()
      expect(await part.locator('.good').textContent()).toBe('✓ Reloaded and equal on 64 images')
      const [download] = await Promise.all([page.waitForEvent('download'), part.locator('a').first().click()])
      const path = join(folder, download.suggestedFilename())
      await download.saveAs(path)
      files.set(format, readFileSync(path))
      if (format === 'wasm') {
        expect((await readWasm(readFileSync(path))).classes).toHaveLength(10)
        continue
      }
      const model = openModel(files.get(format)!, path)
      expect(await weightsHash(model.net, model.weights), format).toBe(hash)
    }
    // Without anything beside it, a bare file of weights is recognised.
    await page.getByLabel('Choose a file').setInputFiles(join(folder, 'model.pth'))
    await expect.poll(() => page.textContent('.which')).toBe('model.pth')
    expect(await page.textContent('.about')).toContain('the shapes of lenet, lenet-tanh')
    await page.getByLabel('Choose a file').setInputFiles(join(folder, 'model.onnx'))
    await expect.poll(() => page.textContent('.which')).toBe('model.onnx')
    await page
      .getByLabel('Choose a file')
      .setInputFiles({ name: 'torn.onnx', mimeType: '', buffer: Buffer.from(files.get('onnx')!.slice(0, 999)) })
    expect(await page.textContent('[role=alert]')).toContain('torn.onnx')
    await page.click('text=Dismiss')
    await go(page, 'draw')
    await draw(page, ONE)
    await expect.poll(() => page.textContent('.verdict strong')).toBe('1')
  }, 60_000)

  test('9: the note has its figures, bound to the page, in both languages', async () => {
    await go(page, 'note')
    await page.waitForSelector('.note section')
    expect(await page.locator('.note section').count()).toBe(9)
    await page.locator('#note-activation .segments').getByText('sigmoid').click()
    // The sigmoid lets a hundredth through to the first layer; where a digit stands decides whether it is read.
    const shown = async (section: string) =>
      (await page.locator(`#note-${section} .bars b`).allTextContents()).map(Number)
    await expect.poll(async () => (await shown('activation')).length, SOON).toBe(5)
    await expect
      .poll(async () => {
        const gradients = await shown('activation')
        return gradients.at(-1)! / gradients[0]!
      }, SOON)
      .toBeGreaterThan(100)
    const survivors = async () =>
      (await page.locator('#note-shift .bars b').allTextContents()).map((text) => numberOf(text))
    await expect.poll(async () => (await survivors()).length, SOON).toBe(5)
    const [middle, , , , far] = await survivors()
    expect(middle).toBeGreaterThan(80)
    expect(far).toBeLessThan(50)
    await page.locator('#note-view .segments').getByText('16', { exact: true }).click()
    expect(await page.textContent('#note-view code')).toBe('view(-1, 16) → 1 × 16')
    const english = await page.locator('.note h3').allTextContents()
    await page.click('text=中文')
    expect(await page.getAttribute('html', 'lang')).toBe('zh')
    const chinese = await page.locator('.note h3').allTextContents()
    expect(chinese.every((title, at) => /[\u4e00-\u9fff]/.test(title) && title !== english[at])).toBe(true)
    await go(page, 'train')
    expect(
      await page
        .locator('.setup input[type=radio]:checked')
        .first()
        .evaluate((input) => input.parentElement!.textContent),
    ).toBe('sigmoid')
    for (const view of ['draw', 'train', 'compare', 'mistakes', 'own', 'model', 'note']) {
      await go(page, view)
      const said = await page.evaluate(() => {
        const main = document.querySelector('main')!.cloneNode(true) as HTMLElement
        for (const code of main.querySelectorAll('code')) code.remove()
        return main.textContent!
      })
      const words = said.match(/[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}/g) ?? []
      expect(words, view).toEqual([])
    }
    await page.click('text=English')
    expect(opened.errors).toEqual([])
  }, 60_000)

  test('10: a link brings the same weights to whoever trains it, and the page says so', async () => {
    const other = await openPage(browser, link)
    expect(await other.page.textContent('.banner')).toContain(hash.slice(0, 16))
    await trainToTheEnd(other.page)
    await other.page.waitForSelector('[data-verdict=equal]')
    await other.page.evaluate((address) => location.replace(address), link.replace(/hash=\w+/, 'hash=0123456789abcdef'))
    await other.page.waitForSelector('[data-verdict=other]')
    await other.page.evaluate((address) => location.replace(address), link.replace('images=4000', 'images=70000'))
    await other.page.waitForSelector('[data-verdict="too few"]')
    expect(other.errors).toEqual([])
    await other.page.context().close()
  }, 60_000)

  test('the model that the page opens with has the weights that the page says', async () => {
    const model = openModel(readFileSync(join(ROOT, 'packages/studio/public/lenet.safetensors')), 'lenet.safetensors')
    expect(await weightsHash(model.net, model.weights)).toBe(shipped.hash)
  })

  test.skipIf(process.env.LENET_LONG === undefined)(
    'its command trains these weights',
    () => {
      expect(train(shipped.command, 'shipped')).toBe(shipped.hash)
    },
    600_000,
  )

  test.skipIf(process.env.LENET_LONG === undefined)(
    'training in the page reaches 98 % on the test images of MNIST',
    async () => {
      const { page: own } = await openPage(browser, `${served.address}#train`)
      await trainToTheEnd(own)
      expect(numberOf(await own.textContent('.score strong'))).toBeGreaterThanOrEqual(98)
    },
    180_000,
  )
})
