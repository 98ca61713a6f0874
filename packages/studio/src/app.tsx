// The frame of the page: name, views, language and theme; the open view; and the dock of training below.
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Dock } from './parts/dock.tsx'
import { DropOverlay } from './parts/drop-overlay.tsx'
import { lazy } from './parts/lazy.tsx'
import { ToastLine } from './parts/toast-line.tsx'
import { problem, shown } from './state/looking.ts'
import { type View, view, views } from './state/route.ts'
import { said } from './state/said.ts'
import { chooseTheme, language, texts, theme } from './state/settings.ts'
import { DrawView } from './views/draw/draw-view.tsx'

const pages: Readonly<Record<View, ComponentType>> = {
  draw: DrawView,
  train: lazy(() => import('./views/train/train-view.tsx').then((part) => part.TrainView)),
  compare: lazy(() => import('./views/compare/compare-view.tsx').then((part) => part.CompareView)),
  mistakes: lazy(() => import('./views/mistakes/mistakes-view.tsx').then((part) => part.MistakesView)),
  own: lazy(() => import('./views/own/own-view.tsx').then((part) => part.OwnView)),
  model: lazy(() => import('./views/model/model-view.tsx').then((part) => part.ModelView)),
  note: lazy(() => import('./views/note/note-view.tsx').then((part) => part.NoteView)),
}

export function App() {
  const t = texts.value.app
  const Page = pages[view.value]
  const main = useRef<HTMLElement>(null)
  const nav = useRef<HTMLElement>(null)
  const name = t.views[view.value]
  useEffect(() => {
    document.title = `${name} · ${t.title}`
  }, [name])
  useEffect(() => {
    scrollTo(0, 0)
    nav.current!.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [view.value])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current!.focus()}>
        {t.skip}
      </button>
      <header class="top">
        <a class="brand" href="#draw">
          <img src="./icon.svg" alt="" width="22" height="22" />
          {t.title}
        </a>
        <nav ref={nav} aria-label={t.navigation}>
          {views.map((name) => (
            <a key={name} href={`#${name}`} aria-current={view.value === name ? 'page' : undefined}>
              {t.views[name]}
            </a>
          ))}
        </nav>
        <p class="which">{shown.value?.title}</p>
        <div class="choices">
          <button
            type="button"
            class="quiet"
            aria-label={t.languageLabel}
            onClick={() => (language.value = language.value === 'en' ? 'zh' : 'en')}
          >
            {t.language}
          </button>
          <button
            type="button"
            class="quiet icon"
            aria-label={theme.value === 'dark' ? t.light : t.dark}
            onClick={() => chooseTheme(theme.value === 'dark' ? 'light' : 'dark')}
          >
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
              <circle cx="10" cy="10" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5" />
              <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
            </svg>
          </button>
        </div>
      </header>
      <main ref={main} tabIndex={-1} id="content" data-view={view.value}>
        {/* What the links of the views lead to. */}
        {views.map((name) => (
          <span key={name} id={name} class="hidden" />
        ))}
        <h1 class="hidden">{t.views[view.value]}</h1>
        {problem.value !== undefined && (
          <p class="problem" role="alert">
            {said(problem.value)}
            <button type="button" class="quiet push" onClick={() => (problem.value = undefined)}>
              {t.dismiss}
            </button>
          </p>
        )}
        {shown.value === undefined ? <p class="waiting">{t.loading}</p> : <Page />}
      </main>
      <Dock />
      <ToastLine />
      <DropOverlay />
    </>
  )
}
