// What commander finds wrong with a command line, in the house's words.
import type { CommanderError } from 'commander'
import { UsageError } from 'lenet'
import type { Messages } from './messages.ts'

/** The error to report; undefined where help was printed instead. */
export function explainUsage({ code, message }: CommanderError, { errors }: Messages): UsageError | undefined {
  if (code === 'commander.help') return undefined
  const [, , first = ''] = process.argv
  const verb = first.startsWith('-') ? '' : first
  const quoted = /'([^']+)'/.exec(message)?.[1] ?? ''
  const word = quoted.split(/[ ,]+/).find((part) => part.startsWith('--')) ?? quoted
  const suggested = /Did you mean (?:one of )?([^,?]+)/.exec(message)?.[1]
  const hint = suggested
    ? errors.didYouMean(suggested.trim())
    : errors.seeHelp(code === 'commander.unknownCommand' || verb === '' ? 'lenet' : `lenet ${verb}`)
  const texts: Readonly<Record<string, string>> = {
    'commander.unknownCommand': errors.unknownCommand(word),
    'commander.unknownOption': errors.unknownOption(verb, word),
    'commander.missingArgument': errors.missingArgument(verb, word),
    'commander.optionMissingArgument': errors.missingValue(verb, word),
    'commander.excessArguments': errors.tooMany(
      verb,
      process.argv
        .slice(3)
        .filter((part) => !part.startsWith('-'))
        .at(-1) ?? '',
    ),
    'commander.invalidArgument': invalid(message, errors),
  }
  return new UsageError(texts[code] ?? message.replace(/^error: /, 'lenet: '), hint)
}

/** An option whose value is none of its choices. */
function invalid(message: string, errors: Messages['errors']): string {
  const [, option = '', value = '', choices = ''] =
    /(--[\w-]+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/.exec(message) ?? []
  return errors.badChoice(option, value, choices)
}
