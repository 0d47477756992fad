import type { Entity } from '../value/value.ts'
import type { Fact, Facts, Mention } from './store.ts'

/** Facts that lie over others. `masks`: what lies below says nothing of this relation or attribute of this entity. */
export interface Layer extends Facts {
  masks?(key: string, name: string): boolean
}

/** The union of facts; an attribute is that of the first layer which has it. */
export function layered(...layers: readonly Layer[]): Facts {
  const [only, ...others] = layers
  if (only !== undefined && others.length === 0) return only

  function union(key: string, relation: string, of: (layer: Layer) => readonly Fact[]): readonly Fact[] {
    let all: readonly Fact[] = []
    for (const layer of layers) {
      const facts = of(layer)
      // Most often only one layer has any, and its own list will do.
      if (facts.length > 0) all = all.length === 0 ? facts : [...all, ...facts]
      if (layer.masks?.(key, relation)) break
    }
    return all
  }

  function* mentions(subject: string, relation?: string, type?: string): Iterable<Mention> {
    for (const [depth, layer] of layers.entries()) {
      const above = layers.slice(0, depth)
      for (const mention of layer.mentions(subject, relation, type)) {
        if (!above.some((other) => other.masks?.(mention.object, mention.relation))) yield mention
      }
    }
  }

  function* entities(type: string): Iterable<Entity> {
    const seen = new Set<string>()
    for (const layer of layers) {
      for (const entity of layer.entities(type)) {
        if (seen.has(entity.key)) continue
        seen.add(entity.key)
        yield entity
      }
    }
  }

  return {
    known: (key, now) => layers.some((layer) => layer.known(key, now)),
    facts: (key, relation) => union(key, relation, (layer) => layer.facts(key, relation)),
    direct: (key, relation, subject) => union(key, relation, (layer) => layer.direct(key, relation, subject)),
    indirect: (key, relation) => union(key, relation, (layer) => layer.indirect(key, relation)),
    mentions,
    attribute: (key, name) => {
      for (const layer of layers) {
        const value = layer.attribute(key, name)
        if (value !== undefined) return value
        if (layer.masks?.(key, name)) return undefined
      }
      return undefined
    },
    entities,
  }
}
