import { assertNever } from '../../base/assert-never.ts'
import type { Expect, FactEntry, FactValue, Given, Grantee } from '../ast.ts'
import {
  comma,
  concat,
  type Doc,
  enclosed,
  firstToken,
  join,
  line,
  nothing,
  softline,
  space,
  token,
} from './document.ts'
import { entityText, expression, keyText, listed, quote, record } from './expression.ts'

/** A fact, but for its first word. */
export function given(one: Given): Doc {
  switch (one.of) {
    case 'entity':
      return concat(
        space,
        entityText(one.entity),
        listed('in', one.containers.map(entityText), [comma, space]),
        one.facts.length === 0 ? nothing : concat(space, enclosed(['{', '}'], one.facts.map(entry), line, true)),
      )
    case 'role':
      return concat(space, 'role', space, one.role.text, ':', space, values(one.values, one.list))
    case 'input': {
      const value = expression(one.value)
      // `given role x` would be about the role `x`.
      const isAmbiguous = one.input.text === 'role' && /^[A-Za-z_]/.test(firstToken(value)?.text ?? '')
      return concat(space, one.input.text, space, isAmbiguous ? concat('(', value, ')') : value)
    }
    default:
      return assertNever(one)
  }
}

function entry({ key, values: all, list }: FactEntry): Doc {
  return concat(keyText(key), ':', space, values(all, list))
}

function values(all: readonly FactValue[], list: boolean): Doc {
  if (list)
    return enclosed(
      ['[', ']'],
      all.map((value) => fact(value)),
      softline,
    )
  return concat(...all.map((value) => fact(value, firstToken(fact(value))?.text === '[')))
}

/** `parenthesised` where a `[` would begin a list of facts. */
function fact({ value, when, until }: FactValue, parenthesised = false): Doc {
  const expr = value.kind === 'any' ? concat('any', space, value.type.text) : expression(value.expr)
  return concat(
    parenthesised ? concat('(', expr, ')') : expr,
    when === undefined
      ? nothing
      : concat(
          space,
          'when',
          space,
          when.let.text,
          when.args === undefined ? nothing : concat(space, record(when.args)),
        ),
    until === undefined ? nothing : concat(space, 'until', space, expression(until)),
  )
}

/** What is expected, without `expect`. */
export function expectation({ expectation: one }: Expect): Doc {
  switch (one.kind) {
    case 'holds':
      return expression(one.expr)
    case 'who':
      return concat(
        one.types.length === 0
          ? nothing
          : concat(
              join(
                one.types.map(({ text }) => text),
                comma,
                space,
              ),
              space,
            ),
        'who',
        space,
        'can',
        space,
        one.action.text,
        space,
        entityText(one.entity),
        space,
        'is',
        space,
        enclosed(['[', ']'], one.actors.map(grantee), softline),
      )
    case 'list':
      return concat(
        asker(one),
        space,
        'can',
        space,
        one.action.text,
        space,
        one.type.text,
        space,
        'is',
        space,
        enclosed(
          ['[', ']'],
          one.entities.map((entity) => token(entityText(entity))),
          softline,
        ),
      )
    case 'decision':
      return concat(
        asker(one),
        space,
        one.allowed ? 'can' : 'cannot',
        space,
        one.action.text,
        space,
        expectedTarget(one.on),
        one.missing === undefined
          ? nothing
          : concat(space, 'missing', space, join(one.missing.map(expression), comma, space)),
      )
    default:
      return assertNever(one)
  }
}

type Asked = Expect['expectation'] & { kind: 'decision' | 'list' }

function asker({ actor, agents }: Asked): Doc {
  return concat(
    actor.kind === 'anonymous' ? 'anonymous' : entityText(actor),
    listed('via', agents.map(entityText), [comma, space]),
  )
}

function expectedTarget(on: (Asked & { kind: 'decision' })['on']): Doc {
  if (on.kind === 'entity') return token(entityText(on.entity))
  const args = on.args === undefined ? nothing : concat(space, record(on.args))
  return concat(on.quoted ? quote(on.name.value) : on.name.value, args, space, 'on', space, on.server.text)
}

function grantee(one: Grantee): Doc {
  return one.kind === 'any' ? concat('any', space, one.type.text) : token(entityText(one))
}
