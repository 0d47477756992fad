// A loop of its own for every contestant, so that each call site sees one callee and can be inlined. What the loop counts is
// returned and used, so that no decision is optimised away.

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor

/** @returns {(decide: Function, inputs: unknown[], start: number, count: number, length: number) => number | Promise<number>} */
export function loopFor(name, { async = false } = {}) {
  const Loop = async ? AsyncFunction : Function
  return new Loop(
    'decide',
    'inputs',
    'start',
    'count',
    'length',
    `// ${name.replace(/[^\w ,-]/g, ' ')}
    let allowed = 0
    let next = start
    for (let k = 0; k < count; k++) {
      if (${async ? 'await ' : ''}decide(inputs[next])) allowed++
      if (++next === length) next = 0
    }
    return allowed`,
  )
}
