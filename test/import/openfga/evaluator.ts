/** OpenFGA by its meaning, on a domain so small that everything can be worked out: no search, no order, no cache. */

export type Definition =
  | { readonly kind: 'direct' }
  | { readonly kind: 'computed'; readonly relation: string }
  | { readonly kind: 'from'; readonly relation: string; readonly tupleset: string }
  | { readonly kind: 'or' | 'and' | 'but not'; readonly of: readonly [Definition, Definition] }

export interface Relation {
  readonly name: string
  readonly definition: Definition
  /** As they are written: `user`, `user:*`, `group#member`, `user with below`. */
  readonly direct: readonly string[]
}

export interface Type {
  readonly name: string
  readonly relations: readonly Relation[]
}

export interface Tuple {
  readonly user: string
  readonly relation: string
  readonly object: string
  /** The condition `below(n, most)` holds if n is below it; undefined where there is none. */
  readonly below?: number
}

/** What is given for `n`; undefined where nothing is, which makes every condition an error. */
export type Given = number | undefined

/** Whether a user certainly has a relation of an object, and whether nothing rules it out. */
export interface Holds {
  readonly certain: (object: string, relation: string, user: string) => boolean
  readonly possible: (object: string, relation: string, user: string) => boolean
}

export function holds(
  types: readonly Type[],
  tuples: readonly Tuple[],
  objects: readonly string[],
  users: readonly string[],
  n: Given,
): Holds {
  const typeOf = (name: string) => name.slice(0, name.indexOf(':'))
  const relationOf = (object: string, name: string) =>
    types.find((type) => type.name === typeOf(object))?.relations.find((one) => one.name === name)
  const key = (object: string, relation: string, user: string) => `${object}#${relation}@${user}`
  const fits = (tuple: Tuple) => {
    const [of, set] = tuple.user.split('#')
    const who = tuple.user.endsWith(':*') ? tuple.user : `${typeOf(of ?? '')}${set === undefined ? '' : `#${set}`}`
    const written = tuple.below === undefined ? who : `${who} with below`
    return relationOf(tuple.object, tuple.relation)?.direct.includes(written) === true
  }
  const valid = tuples.filter(fits)

  const inForce = ({ below }: Tuple, low: boolean) => below === undefined || (n === undefined ? !low : n < below)

  type Known = ReadonlySet<string>
  /** `low`: what is certain, where what is negated is not possible; else the other way round. */
  function value(
    of: Definition,
    object: string,
    relation: string,
    user: string,
    same: Known,
    other: Known,
    low: boolean,
  ): boolean {
    switch (of.kind) {
      case 'direct':
        return valid.some((tuple) => {
          if (tuple.object !== object || tuple.relation !== relation) return false
          if (!inForce(tuple, low)) return false
          if (tuple.user.endsWith(':*')) return tuple.user === `${typeOf(user)}:*`
          const [holder = '', role] = tuple.user.split('#')
          return role === undefined ? holder === user : same.has(key(holder, role, user))
        })
      case 'computed':
        return same.has(key(object, of.relation, user))
      case 'from':
        return valid.some(
          (tuple) =>
            tuple.object === object &&
            tuple.relation === of.tupleset &&
            inForce(tuple, low) &&
            same.has(key(tuple.user, of.relation, user)),
        )
      case 'or':
        return of.of.some((part) => value(part, object, relation, user, same, other, low))
      case 'and':
        return of.of.every((part) => value(part, object, relation, user, same, other, low))
      case 'but not':
        return (
          value(of.of[0], object, relation, user, same, other, low) &&
          !value(of.of[1], object, relation, user, other, same, !low)
        )
    }
  }

  function least(other: Known, low: boolean): Known {
    const same = new Set<string>()
    for (let before = -1; before !== same.size; ) {
      before = same.size
      for (const object of objects)
        for (const { name, definition } of types.find((type) => type.name === typeOf(object))?.relations ?? [])
          for (const user of users)
            if (value(definition, object, name, user, same, other, low)) same.add(key(object, name, user))
    }
    return same
  }

  const everything = new Set(
    objects.flatMap((object) =>
      (types.find((type) => type.name === typeOf(object))?.relations ?? []).flatMap(({ name }) =>
        users.map((user) => key(object, name, user)),
      ),
    ),
  )
  let low: Known = new Set()
  let high: Known = everything
  for (let before = ''; before !== `${low.size} ${high.size}`; ) {
    before = `${low.size} ${high.size}`
    low = least(high, true)
    high = least(low, false)
  }
  return {
    certain: (object, relation, user) => low.has(key(object, relation, user)),
    possible: (object, relation, user) => high.has(key(object, relation, user)),
  }
}
