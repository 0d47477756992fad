import { type AskedRequest, decide, requestLine } from './asked.ts'
import { entityText, givenText, valueText } from './notation.ts'
import type { State } from './state.ts'

/**
 * What was given and asked in a session, as `test` blocks that hold now: one for each set of inputs, since a test has one token. Empty
 * where nothing was asked.
 */
export function savedTests(state: State): string {
  const groups = new Map<string, { readonly given: readonly string[]; readonly asked: AskedRequest[] }>()
  for (const request of state.asked.values()) {
    const given = inputsOf(request)
    const key = given.join('\n')
    const group = groups.get(key) ?? { given, asked: [] }
    groups.set(key, group)
    group.asked.push(request)
  }
  const facts = givenText(state.said.facts.flat())
  return [...groups.values()].map(({ given, asked }, i) => blockOf(i, [...given, ...facts], asked, state)).join('\n')
}

function inputsOf({ by, inputs }: AskedRequest): readonly string[] {
  const all = new Map(inputs)
  if (by.token !== undefined) all.set('token', by.token)
  return [...all].map(([name, value]) => `given ${name} ${inputText(name, value)}`)
}

function inputText(name: string, value: unknown): string {
  if (name === 'now') return `datetime(${valueText(value)})`
  if (name === 'approvals' && Array.isArray(value)) return `[${value.map(entityText).join(', ')}]`
  return valueText(value)
}

function blockOf(number: number, given: readonly string[], asked: readonly AskedRequest[], { engine }: State): string {
  const expectations = asked.map((request) => {
    const { allowed } = decide(engine, request)
    return `expect ${requestLine(request, allowed ? 'can' : 'cannot')}`
  })
  const lines = [...given, ...expectations].map((line) => `  ${line}\n`)
  return `test "session, ${number + 1}" {\n${lines.join('')}}\n`
}
