import { didYouMean } from '../../base/suggest.ts'
import type { Anonymous, EntityLiteral, Name } from '../../syntax/ast.ts'
import { noteEntity, unknownType } from '../expression/literals.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'

/** What requests are made of, as tests and questions name it: each of a type that the policy declares. */
export interface Named {
  readonly entity: (literal: EntityLiteral) => string
  readonly type: (name: Name) => string
  readonly actorType: (name: Name) => string
  readonly actor: (who: EntityLiteral | Anonymous) => string | null
  readonly agents: (all: readonly EntityLiteral[]) => readonly string[]
  /** Whether some `allow` can grant the action on the type. */
  readonly permission: (action: Name, type: string) => boolean
}

export function named(schema: Schema, report: Report): Named {
  const type: Named['type'] = ({ text, span }) => {
    if (schema.types.has(text)) report.notes?.refer(span, { kind: 'type', name: text })
    else unknownType({ schema, report }, text, span)
    return text
  }
  const acts = (text: string, span: Name['span']): void => {
    if (schema.types.get(text)?.declaration.actor === false)
      report.add('bad-test', span, `\`${text}\` is a resource: only an actor can act`)
  }
  const entity: Named['entity'] = (literal) => {
    if (schema.types.has(literal.type)) noteEntity(report, literal)
    else unknownType({ schema, report }, literal.type, literal.span)
    return `${literal.type}:${literal.id}`
  }
  return {
    entity,
    type,
    actorType: (name) => {
      acts(name.text, name.span)
      return type(name)
    },
    actor: (who) => {
      if (who.kind === 'anonymous') return null
      acts(who.type, who.span)
      return entity(who)
    },
    agents: (all) =>
      all.map((agent) => {
        if (agent.type !== 'Agent' && schema.types.has(agent.type))
          report.add('bad-test', agent.span, 'an agent is an entity of the type `Agent`')
        return entity(agent)
      }),
    permission: (action, of) => {
      report.notes?.refer(action.span, { kind: 'action', of, name: action.text })
      const info = schema.types.get(of)
      if (info === undefined || info.permissions.has(action.text) || info.lenient) return true
      const group = schema.groups.get(action.text)
      report.add(
        'unknown-action',
        action.span,
        group === undefined
          ? `no \`allow\` can grant \`${action.text}\` on \`${of}\``
          : `\`${action.text}\` is a group of actions`,
        {
          help:
            group === undefined
              ? didYouMean(action.text, info.permissions)
              : `ask about ${group.map((one) => `\`${one}\``).join(' or ')}`,
        },
      )
      return false
    },
  }
}
