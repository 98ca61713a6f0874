// Pictures of every view, for looking at them with care: node test/studio/screenshots.ts FOLDER [--readme]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { draw, go, launch, openPage, ROOT, serveStudio } from './browser.ts'

const [folder = 'shots'] = process.argv.slice(2)
const isReadme = process.argv.includes('--readme')
const VIEWS = ['draw', 'train', 'compare', 'mistakes', 'own', 'model', 'note'] as const

const FIVE = [
  [0.66, 0.2],
  [0.38, 0.22],
  [0.35, 0.46],
  [0.52, 0.44],
  [0.66, 0.56],
  [0.6, 0.76],
  [0.34, 0.82],
] as const

/** A page with two runs, a drawing and a chosen unit. */
async function prepare(page: Page): Promise<void> {
  await page.click('text=Clear')
  await draw(page, FIVE)
  await go(page, 'train')
  await page.getByLabel('Training images').fill('10000')
  await page.getByLabel('Epochs').fill('4')
  await page.getByLabel('Epochs').press('Tab')
  await page.locator('.setup select').first().selectOption('lenet-tanh')
  await page.click('.dock .primary')
  await page.waitForSelector('[data-hash]', { timeout: 120_000 })
  await page.locator('.setup select').first().selectOption('lenet')
  await page.click('.dock .primary')
  await page.waitForFunction(() => document.querySelector('.which')?.textContent?.startsWith('lenet ·'), undefined, {
    timeout: 60_000,
  })
  await page.waitForSelector('[data-hash]', { timeout: 120_000 })
}

async function choose(page: Page): Promise<void> {
  await go(page, 'draw')
  await page.focus('.network')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowDown')
  for (const key of [']', ']']) await page.keyboard.press(key)
  for (let down = 0; down < 5; down++) await page.keyboard.press('PageDown')
}

const browser = await launch()
const served = await serveStudio()
mkdirSync(folder, { recursive: true })
if (isReadme) {
  const { page } = await openPage(browser, served.address, {
    deviceScaleFactor: 1.5,
    viewport: { width: 1440, height: 980 },
  })
  await prepare(page)
  await choose(page)
  const save = async (name: string) =>
    sharp(await page.screenshot())
      .webp({ quality: 82 })
      .toFile(join(ROOT, 'docs/pictures', `studio-${name}.webp`))
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await save('draw')
  await go(page, 'train')
  await page.getByRole('button', { name: 'Dark theme' }).click()
  await page.waitForTimeout(500)
  await save('train')
} else
  for (const width of [1440, 390]) {
    const { page, errors } = await openPage(browser, served.address, { viewport: { width, height: 900 } })
    await prepare(page)
    await choose(page)
    for (const language of ['en', 'zh']) {
      for (const theme of ['light', 'dark']) {
        for (const view of VIEWS) {
          await go(page, view)
          await page.waitForTimeout(view === 'mistakes' ? 2500 : 400)
          await page.screenshot({ path: join(folder, `${view}-${width}-${language}-${theme}.png`), fullPage: true })
        }
        await page.locator('.choices .icon').click()
      }
      await page.locator('.choices button').first().click()
    }
    console.log(width, errors)
  }
await browser.close()
served.close()
