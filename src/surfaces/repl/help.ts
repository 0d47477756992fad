import { type Answer, styled, told } from './answer.ts'

const phrases: readonly (readonly [string, string])[] = [
  ['can User:ann read Doc:1', 'a decision; `User:ann can read Doc:1` is the same'],
  ['can User:ann call search { q: "x" } on github', 'a tool; prompts and URIs likewise'],
  ['why …   why not …', 'a decision, explained; `why` alone explains the last one'],
  ['who can read Doc:1', 'everyone who may; `User who can …` of one type'],
  ['which Doc can User:ann read', 'all entities of a type'],
  ['what can User:ann do on Doc:1', 'all actions; on a server, what is listed'],
  ['as User:ann via Agent:bot with { scopes: ["x"] }', 'who asks from now on: `can read Doc:1`'],
  ['given Doc:1 { owner: User:ann }', 'more facts; `given token { … }` and `given now …` as in tests'],
  ['expect User:ann can read Doc:1', 'says whether it is so'],
  ['User:ann.manager == User:bob', 'any expression'],
  ['test   test "name"', 'the tests of the policy'],
]

export function help(commands: Readonly<Record<string, { readonly takes: string; readonly about: string }>>): Answer {
  const rows = [
    ...phrases,
    ...Object.entries(commands).map(([name, { takes, about }]) => [`:${name} ${takes}`.trimEnd(), about] as const),
  ]
  const width = Math.max(...rows.map(([left]) => left.length))
  return told(
    { kind: 'help', phrases: phrases.map(([phrase]) => phrase), commands: Object.keys(commands) },
    ...rows.map(([left, about]) => [styled('strong', left.padEnd(width)), `  ${about}`]),
  )
}
