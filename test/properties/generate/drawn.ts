import fc from 'fast-check'

/** Choices, made one after the other; for what is too entangled to be put together from arbitraries. */
export interface Draw {
  /** From 0 to below `below`. */
  int(below: number): number
  of<T>(choices: readonly T[]): T
  /** Holds so often in a hundred. */
  chance(percent: number): boolean
  /** Some of them, in their order; each so often in a hundred. */
  some<T>(choices: readonly T[], percent?: number): readonly T[]
  /** So many, or more, but no more than `most`. */
  times<T>(least: number, most: number, make: () => T): readonly T[]
}

/** What is drawn, as an arbitrary; `smaller` tells the ways to make it smaller, the best first. */
export function drawn<T>(make: (draw: Draw) => T, smaller: (value: T) => Iterable<T>): fc.Arbitrary<T> {
  return new Drawn(make, smaller)
}

class Drawn<T> extends fc.Arbitrary<T> {
  readonly #make: (draw: Draw) => T
  readonly #smaller: (value: T) => Iterable<T>

  constructor(make: (draw: Draw) => T, smaller: (value: T) => Iterable<T>) {
    super()
    this.#make = make
    this.#smaller = smaller
  }

  generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#make(drawing((below) => random.nextInt(0, below - 1))), undefined)
  }

  canShrinkWithoutContext(_value: unknown): _value is T {
    return false
  }

  shrink(value: T): fc.Stream<fc.Value<T>> {
    const all = this.#smaller(value)
    return fc.stream(
      (function* () {
        for (const one of all) yield new fc.Value(one, undefined)
      })(),
    )
  }
}

function drawing(int: (below: number) => number): Draw {
  const draw: Draw = {
    int,
    of: (choices) => {
      const chosen = choices[int(choices.length)]
      if (chosen === undefined && choices.length === 0) throw new RangeError('nothing to choose from')
      return chosen as (typeof choices)[number]
    },
    chance: (percent) => int(100) < percent,
    some: (choices, percent = 50) => choices.filter(() => int(100) < percent),
    times: (least, most, make) => Array.from({ length: least + int(most - least + 1) }, make),
  }
  return draw
}

/** A list with one run of its elements left out: first long runs, then single elements. */
export function* shorter<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < list.length; from += size) yield [...list.slice(0, from), ...list.slice(from + size)]
}
