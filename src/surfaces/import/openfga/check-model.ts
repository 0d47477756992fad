import { type Remark, Unreadable } from '../imported.ts'
import { type Model, parts, type RelationDefinition, type TypeDefinition } from './model.ts'
import { remark } from './yaml.ts'

/**
 * That a model is one that OpenFGA takes: every name in it means something, and `from` goes on from what is simply assigned.
 * @throws Unreadable
 */
export function checkModel({ types, conditions }: Model): void {
  const remarks: Remark[] = []
  const relationOf = (type: string, relation: string) =>
    types.find(({ name }) => name === type)?.relations.find(({ name }) => name === relation)
  const conditionNames = new Set(conditions.map(({ name }) => name))
  const typeNames = new Set(types.map(({ name }) => name))
  const checkDirect = (one: RelationDefinition, tell: (message: string) => void) => {
    if (one.direct.length === 0) tell(`\`${one.name}\` can be nobody`)
    for (const { type, relation, condition } of one.direct) {
      if (!typeNames.has(type)) tell(`the model has no type \`${type}\``)
      else if (relation !== undefined && relationOf(type, relation) === undefined)
        tell(`the model has no \`${type}#${relation}\``)
      if (condition !== undefined && !conditionNames.has(condition)) tell(`the model has no condition \`${condition}\``)
    }
  }
  const checkFrom = (type: TypeDefinition, tupleset: string, relation: string, tell: (message: string) => void) => {
    const through = relationOf(type.name, tupleset)
    if (through === undefined) return tell(`the model has no \`${type.name}#${tupleset}\``)
    if (through.rewrite.kind !== 'direct' || through.direct.some((one) => one.wildcard || one.relation !== undefined))
      return tell(`\`from ${tupleset}\` goes on from something that is not simply assigned`)
    if (!through.direct.some((one) => relationOf(one.type, relation) !== undefined))
      tell(`nothing that \`${tupleset}\` can be has \`${relation}\``)
  }
  for (const type of types)
    for (const one of type.relations) {
      const told = new Set<string>()
      for (const part of parts(one.rewrite)) {
        const tell = (message: string) => void told.add(message)
        if (part.kind === 'direct') checkDirect(one, tell)
        else if (part.kind === 'from') checkFrom(type, part.tupleset, part.relation, tell)
        else if (relationOf(type.name, part.relation) === undefined)
          tell(`the model has no \`${type.name}#${part.relation}\``)
      }
      for (const message of told) remarks.push(remark('untranslated', message, one.source, one.at))
    }
  if (remarks.length > 0) throw new Unreadable(remarks)
}
