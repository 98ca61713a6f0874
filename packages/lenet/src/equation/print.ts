// Equations for people: as text, and as LaTeX for pages and papers.
import { functions } from './scalar.ts'
import { type Access, type Equation, type Expression, operators, reductionSigns } from './syntax.ts'

const signs = Object.fromEntries(Object.entries(reductionSigns).map(([sign, reduction]) => [reduction, sign]))

/** As it could have been written: parsing it gives the same equation. */
export function printEquation({ target, reduction, value, ranges }: Equation): string {
  const bounds = ranges.map(({ axes, bound }) => `${axes.join(', ')} < ${textOf(bound)}`).join(', ')
  return `${accessText(target)} ${signs[reduction]} ${textOf(value)}${bounds ? `  (${bounds})` : ''}`
}

const accessText = ({ tensor, indices }: Access): string =>
  `${tensor}[${indices.map((index) => (index === '...' ? '...' : textOf(index))).join(',')}]`

function textOf(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value)
    case 'name':
      return expression.name
    case 'load':
      return accessText(expression.access)
    case 'call':
      return callText(expression)
  }
}

function callText({ name, parts }: Expression & { kind: 'call' }): string {
  const level = operators[name]
  if (name === 'negative') return `-${inParentheses(parts[0]!, operators['*']!)}`
  if (level === undefined) return `${name}(${parts.map(textOf).join(', ')})`
  const [a, b, c] = parts as [Expression, Expression, Expression]
  if (name === '?') return `${inParentheses(a, 1)} ? ${textOf(b)} : ${textOf(c)}`
  return `${inParentheses(a, level)} ${name} ${inParentheses(b, level + 1)}`
}

/** Parentheses around what binds less tightly than its place asks. */
function inParentheses(expression: Expression, level: number): string {
  const own =
    expression.kind !== 'call'
      ? undefined
      : expression.name === 'negative'
        ? operators['+']
        : operators[expression.name]
  return own !== undefined && own < level ? `(${textOf(expression)})` : textOf(expression)
}

/** LaTeX, with sums and maxima over the axes that the target lacks. */
export function latexEquation({ target, reduction, value, ranges }: Equation): string {
  const over = summedAxes(
    target,
    value,
    ranges.flatMap(({ axes }) => axes),
  )
  const below = over.length > 0 ? `_{${over.map(axisName).join(',\\,')}}` : ''
  const left = accessLatex(target)
  if (reduction === 'set') return `${left} = ${latexOf(value)}`
  if (reduction === 'sum') return `${left} \\mathrel{+}= ${over.length > 0 ? `\\sum${below} ` : ''}${latexOf(value)}`
  return `${left} = ${reduction === 'max' ? '\\max' : '\\operatorname{first}'}${below} ${latexOf(value)}`
}

function summedAxes(target: Access, value: Expression, declared: readonly string[]): string[] {
  const kept = new Set(target.indices.flatMap((index) => (index === '...' ? [] : namesIn(index))))
  const single = [...indexNames(value), ...declared].filter((name) => name.length === 1 && !kept.has(name))
  return [...new Set(single)]
}

function indexNames(expression: Expression): string[] {
  if (expression.kind === 'load')
    return expression.access.indices.flatMap((index) => (index === '...' ? [] : namesIn(index)))
  return expression.kind === 'call' ? expression.parts.flatMap(indexNames) : []
}

function namesIn(expression: Expression): string[] {
  if (expression.kind === 'name') return [expression.name]
  return expression.kind === 'call' ? expression.parts.flatMap(namesIn) : []
}

const axisName = (name: string): string => (name.length === 1 ? name : `\\mathrm{${name.replaceAll('_', '\\_')}}`)
const accessLatex = ({ tensor, indices }: Access): string => {
  const list = indices.map((index) => (index === '...' ? '\\dots' : latexOf(index))).join(',\\,')
  return list === '' ? axisName(tensor) : `${axisName(tensor)}_{${list}}`
}

function latexOf(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value)
    case 'name':
      return axisName(expression.name)
    case 'load':
      return accessLatex(expression.access)
    case 'call':
      return callLatex(expression)
  }
}

function callLatex({ name, parts }: Expression & { kind: 'call' }): string {
  const level = operators[name]
  const nested = (part: Expression, least: number) => {
    const own = part.kind === 'call' ? operators[part.name] : undefined
    return own !== undefined && own < least ? `\\left(${latexOf(part)}\\right)` : latexOf(part)
  }
  const [a, b, c] = parts as [Expression, Expression, Expression]
  if (name === 'negative') return `-${nested(a, 3)}`
  if (name === '/') return `\\frac{${latexOf(a)}}{${latexOf(b)}}`
  if (name === 'sqrt') return `\\sqrt{${latexOf(a)}}`
  if (name === '?')
    return `\\begin{cases}${latexOf(b)} & ${latexOf(a)}\\\\ ${latexOf(c)} & \\text{otherwise}\\end{cases}`
  if (level === undefined)
    return `${functions[name]?.latex ?? `\\operatorname{${name}}`}\\left(${parts.map(latexOf).join(', ')}\\right)`
  const sign = name === '*' ? ' ' : name === '==' ? ' = ' : ` ${name} `
  return `${nested(a, level)}${sign}${nested(b, level + 1)}`
}
