/** What values are changed to: what a rule names, and what tests have elsewhere. */
export interface Pool {
  readonly literals: readonly (string | number)[]
  readonly texts: readonly string[]
}

/** Values that a condition may tell from this one: the other boolean, the number at a bound and those beside it, a text that is named. */
export function valuesBeside(value: unknown, pool: Pool): readonly unknown[] {
  switch (typeof value) {
    case 'boolean':
      return [!value]
    case 'number':
    case 'bigint':
      return pool.literals.flatMap((one) => (typeof one === 'number' ? [one, one + 1, one - 1] : []))
    case 'string': {
      const folder = value.slice(0, value.lastIndexOf('/') + 1)
      return [...namedIn(pool.literals).flatMap((text) => [text, folder + text]), ...pool.texts]
    }
    case 'object': {
      if (!Array.isArray(value)) return []
      const others = valuesBeside(value[0] ?? '', pool)
      return [[], ...others.flatMap((one) => [[one], [...value, one]])]
    }
    default:
      return []
  }
}

/** Texts that are named; a pattern is one without its stars. */
export function namedIn(literals: readonly (string | number)[]): readonly string[] {
  return literals.flatMap((one) => (typeof one === 'string' && /[^*]/.test(one) ? [one.replaceAll('*', '')] : []))
}
