#!/usr/bin/env node
import module from 'node:module'

// Compiled code is kept for the next start, where Node can do that (22.1).
module.enableCompileCache?.()
await import('../dist/lenet.js')
