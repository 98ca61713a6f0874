#!/usr/bin/env node
import('@lenet/cli').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  console.error('lenet: the command line is a package of its own\nhint: npm install @lenet/cli')
  process.exitCode = 1
})
