import { describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import { completionOf } from '../../src/surfaces/repl/completion.ts'
import { newState } from '../../src/surfaces/repl/state.ts'

const lock = JSON.stringify({ format: 1 })
void lock
const policy = `
actor User in Group { email: string, manager?: User }
actor Agent { trusted: boolean }
resource Group in Group
resource Org { role admin: User }
resource Repo {
  org: Org
  private: boolean
  role owner: User
  allow read if owner or not private
  allow write if owner or org.admin
}
resource Doc { allow read }
role staff: User
context { place: string }
test "reads" { expect User:ann can read Doc:1 }
given User:ann { email: "a" } given User:anna given Agent:bot given Repo:"acme/site" { org: Org:acme } given Doc:1
`
const compiled = compile(policy).policy
if (compiled === undefined) throw new Error(JSON.stringify(compile(policy).diagnostics))
const state = newState(compiled, [], {})

function check(text: string): string {
  const { from, options } = completionOf(text, state)
  return `${text.slice(0, from)}|${options.join(' ')}`
}
it.only('x', () => {
  for (const q of [
    '',
    'c',
    'can ',
    'can User:an',
    'can User:ann ',
    'can User:ann w',
    'can User:ann write ',
    'can User:ann read D',
    'can User:ann write Repo:',
    'can User:ann write Repo:"ac',
    'can User:ann via A',
    'as User:ann with { ',
    'given ',
    'given Repo:x { ',
    'given Repo:x { private: true, ',
    'given role ',
    'test ',
    'test "r',
    'User:ann.',
    'User:ann.manager.',
    'Repo:x.org.a',
    'token.',
    'what can User:ann do on ',
    'which ',
    'which Repo can ',
    'who can ',
    'who can read ',
    ':',
    ':re',
    ':facts R',
    ':watch o',
    'expect User:ann can ',
    'expect User:ann can read Repo ',
    'why ',
    'why not ',
    'as ',
    'User:ann in Repo:x.o',
    'not ',
  ])
    console.log(check(q))
})
void createEngine
void describe
void expect
