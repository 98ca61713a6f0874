#!/usr/bin/env node
// The lenet command: which verb, with which options. What a verb does is in commands/, loaded when it is asked for.
import { Command, CommanderError, Help, Option } from 'commander'
import { defaults, recipes, suited, usualHoldOut } from 'lenet'
import { choices } from './commands/train-options.ts'
import { type Context, createContext, type GlobalOptions } from './context.ts'
import { languages, pickLanguage } from './language.ts'
import { type Messages, messagesFor } from './messages.ts'
import { reportError } from './report-error.ts'
import { STUDIO_PORT } from './studio-port.ts'
import { textWidth } from './text-width.ts'
import { explainUsage } from './usage-errors.ts'
import { version } from './versions.ts'

/** The value of an option before commander has read anything: help is in the language that was asked for. */
const peek = (name: string): string | undefined => {
  const at = process.argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`))
  return at < 0 ? undefined : (process.argv[at]!.split('=')[1] ?? process.argv[at + 1])
}

const messages: Messages = messagesFor(pickLanguage(peek('--lang'), process.env))
const { verbs, arguments: args, options, help } = messages

function verb(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .helpOption('-h, --help', help.help)
    .option('--json', options.json)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp(helpStyle)
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': help.usage,
  'Arguments:': help.arguments,
  'Options:': help.options,
  'Commands:': help.commands,
  'Global Options:': help.globalOptions,
}

/** Help in the chosen language: headings, defaults, and columns that count a Chinese character as two. */
const helpStyle: Partial<Help> = {
  showGlobalOptions: true,
  styleTitle: (title) => titles[title] ?? title,
  displayWidth: textWidth,
  commandUsage: (command) =>
    new Help().commandUsage(command).replace('[options]', help.words.options).replace('[command]', help.words.command),
  // A wide colon needs no space.
  formatHelp: (command, helper) => new Help().formatHelp(command, helper).replace(/^(.*?：) /, '$1'),
  optionDescription: ({ description, defaultValueDescription, argChoices }) =>
    [
      description,
      ...(argChoices ? [`(${help.choices(argChoices.join(', '))})`] : []),
      ...(defaultValueDescription ? [`(${help.default(defaultValueDescription)})`] : []),
    ].join(' '),
}

/** Runs a verb and turns what it says into an exit code. */
async function run(work: (context: Context) => Promise<unknown>, global: GlobalOptions): Promise<void> {
  if ((await work(createContext({ ...global, lang: program.opts().lang }))) === false) process.exitCode = 1
}

const one = (name: string, summary: string, values: readonly string[], standard?: string): Option => {
  const option = new Option(name, `${summary} (${help.choices(values.join(', '))})`)
  return standard === undefined ? option : option.default(undefined, standard)
}

const withDefault = (name: string, summary: string, standard: string): Option =>
  new Option(name, summary).default(undefined, standard)

/** A default that depends on the optimizer. */
const usually = (name: 'lr' | 'momentum' | 'weightDecay'): string =>
  Object.entries(suited)
    .map(([optimizer, values]) => `${values[name]} ${optimizer}`)
    .join(', ')

/** What a bare file of weights lacks. */
const withModelFlags = (command: Command): Command =>
  command
    .option('--as <model>', options.as)
    .option('--mean <numbers>', options.mean)
    .option('--std <numbers>', options.std)
    .option('--labels <names>', options.labels)
    .option('--map <pairs>', options.map)

const recipe = recipes.default
const trainVerb = withModelFlags(verb('train', verbs.train))
  .argument('[dataset]', args.dataset)
  .addOption(one('--recipe <name>', options.recipe, choices.recipes, 'default'))
  .addOption(one('--model <name>', options.model, choices.models, recipe.model))
  .addOption(withDefault('--epochs <n>', options.epochs, String(recipe.epochs)))
  .addOption(withDefault('--batch <n>', options.batch, String(recipe.batch)))
  .addOption(one('--optimizer <name>', options.optimizer, choices.optimizers, recipe.optimizer))
  .addOption(withDefault('--lr <rate>', options.lr, usually('lr')))
  .addOption(withDefault('--momentum <m>', options.momentum, usually('momentum')))
  .addOption(withDefault('--weight-decay <d>', options.weightDecay, usually('weightDecay')))
  .addOption(one('--schedule <name>', options.schedule, choices.schedules, recipe.schedule))
  .option('--augment [list]', options.augment)
  .addOption(withDefault('--size <pixels>', options.size, '32'))
  .option('--prepare <how>', options.prepareTraining)
  .option('--strict', options.strict)
  .option('--validation <n>', options.validation)
  .option('--early-stop <epochs>', options.earlyStop)
  .option('--limit <n>', options.limit)
  .addOption(withDefault('--hold-out <share>', options.holdOut, String(usualHoldOut.share)))
  .addOption(withDefault('--seed <n>', options.seed, String(defaults.seed)))
  .option('--threads <n>', options.threads)
  .addOption(one('--engine <name>', options.engine, choices.engines))
  .option('--fast', options.fast)
  .option('--data-dir <folder>', options.dataDir)
  .option('--out <folder>', options.out)
  .option('--resume', options.resume)
  .option('--from <model>', options.from)
  .option('--freeze <names>', options.freeze)
  .option('--reset <names>', options.reset)
  .action((dataset, flags) =>
    run(async (context) => (await import('./commands/train.ts')).trainCommand(context, dataset, flags), flags),
  )

const evalVerb = withModelFlags(verb('eval', verbs.eval))
  .argument('<model>', args.model)
  .argument('[dataset]', args.dataset)
  .option('--data-dir <folder>', options.dataDir)
  .option('--threads <n>', options.threads)
  .option('--prepare <how>', options.prepare)
  .option('--strict', options.strict)
  .option('--report <folder>', options.report)
  .action((model, dataset, flags) =>
    run(async (context) => (await import('./commands/eval.ts')).evalCommand(context, model, dataset, flags), flags),
  )

const predictVerb = withModelFlags(verb('predict', verbs.predict))
  .argument('<model>', args.model)
  .argument('<images...>', args.images)
  .option('--prepare <how>', options.prepare)
  .option('--top <n>', options.top)
  .option('--csv <file>', options.csv)
  .option('--show', options.show)
  .option('--unsure <p>', options.unsure)
  .action((model, images, flags) =>
    run(
      async (context) => (await import('./commands/predict.ts')).predictCommand(context, model, images, flags),
      flags,
    ),
  )

const runsVerb = verb('runs', verbs.runs)
  .argument('[folder]', args.runs)
  .action((folder, flags) =>
    run(async (context) => (await import('./commands/runs.ts')).runsCommand(context, folder), flags),
  )

const summaryVerb = withModelFlags(verb('summary', verbs.summary))
  .argument('<model>', args.modelOrName)
  .addOption(withDefault('--channels <n>', options.channels, '3'))
  .option('--svg', options.svg)
  .addHelpText('after', `\n${messages.summary.legend}`)
  .action((model, flags) =>
    run(async (context) => (await import('./commands/summary.ts')).summaryCommand(context, model, flags), flags),
  )

const exportVerb = withModelFlags(verb('export', verbs.export))
  .argument('<model>', args.model)
  .argument('<output>', args.output)
  .action((model, output, flags) =>
    run(async (context) => (await import('./commands/export.ts')).exportCommand(context, model, output, flags), flags),
  )

const studioVerb = withModelFlags(verb('studio', verbs.studio))
  .argument('[model]', args.model)
  .addOption(withDefault('--port <n>', options.port, String(STUDIO_PORT)))
  .option('--no-open', options.noOpen)
  .option('--data-dir <folder>', options.dataDir)
  .action((model, flags) =>
    run(async (context) => (await import('./commands/studio.ts')).studioCommand(context, model, flags), flags),
  )

const doctorVerb = verb('doctor', verbs.doctor)
  .option('--data-dir <folder>', options.dataDir)
  .action((flags) =>
    run(async (context) => (await import('./commands/doctor.ts')).doctorCommand(context, flags), flags),
  )

const experimentVerb = verb('experiment', verbs.experiment)
  .argument('[name]', args.experiment)
  .option('--data-dir <folder>', options.dataDir)
  .action((name, flags) =>
    run(async (context) => (await import('./commands/experiment.ts')).experimentCommand(context, name, flags), flags),
  )

const benchVerb = verb('bench', verbs.bench)
  .argument('[model]', args.modelName)
  .option('--kernels', options.kernels)
  .option('--engine <name>', options.benchEngine)
  .option('--fast', options.fast)
  .action((model, flags) =>
    run(async (context) => (await import('./commands/bench.ts')).benchCommand(context, model, flags), flags),
  )

const program = new Command('lenet')
  .description(help.program)
  .version(version, '-V, --version', help.version)
  .helpOption('-h, --help', help.help)
  .helpCommand('help [command]', help.helpCommand)
  .addOption(new Option('--lang <language>', options.lang).choices([...languages]))
  .addHelpText('after', `\n${help.more}`)
  .exitOverride()
  .configureOutput({ outputError: () => undefined })
  .configureHelp(helpStyle)
for (const command of [
  trainVerb,
  evalVerb,
  predictVerb,
  runsVerb,
  summaryVerb,
  exportVerb,
  benchVerb,
  experimentVerb,
  studioVerb,
  doctorVerb,
])
  program.addCommand(command)

/** Why standard output takes nothing any more, as an exit code: 141 where its reader left, as shells have it. */
let closedWith: number | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (closedWith !== undefined) return
  closedWith = error.code === 'EPIPE' ? 141 : 1
  process.exitCode = closedWith
  if (closedWith === 1) process.stderr.write(`${messages.errors.output(error.message)}\n`)
  // Training listens: it keeps what it has learned.
  if (!process.emit('SIGPIPE', 'SIGPIPE')) process.exit()
})
process.stderr.on('error', () => undefined)
process.on('exit', () => {
  process.exitCode = closedWith ?? process.exitCode
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = 0
  else {
    const known = error instanceof CommanderError ? explainUsage(error, messages) : error
    process.exitCode = known === undefined ? 2 : reportError(known, { stderr: process.stderr, messages })
  }
}
