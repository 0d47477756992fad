// The module that `licet compile` writes: no policy text, no parser. BENCH_STANDALONE is the file, written by standalone.mjs.
export const text = () => ''
export const library = () => import(process.env.BENCH_STANDALONE)

export function load(_source, { createEngine }) {
  const engine = createEngine()
  return ({ agent, role, tool, amount }) =>
    engine.can(
      `Agent:${agent}`,
      'call',
      { kind: 'tool', server: 'api', name: tool, args: { amount } },
      { token: { role } },
    )
}
