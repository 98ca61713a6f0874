// The page begins: the model that comes with it, a first drawing, and everything else when it is asked for.
import { render } from 'preact'
import { App } from './app.tsx'
import { start } from './start.ts'
import './style/tokens.css'
import './style/base.css'
import './style/parts.css'
import './style/draw.css'
import './style/views.css'
import './style/overlay.css'
import './style/other-media.css'

render(<App />, document.getElementById('app')!)
void start()
