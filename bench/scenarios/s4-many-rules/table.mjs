import { linePerRule } from './casbin.mjs'
import { oneAbility } from './casl.mjs'
import { policyPerRule } from './cedar.mjs'
import { data, ruleCounts } from './data.mjs'
import { nestedMaps } from './hand.mjs'
import { oneBlock } from './licet.mjs'
import { ruleForRule } from './oso.mjs'

export const manyRules = ruleCounts.map((count) => ({
  id: `s4-${count}`,
  scenario: 'S4',
  title: `${count.toLocaleString('en')} rules`,
  detail: count === 100 || count === 10_000,
  data: () => data(count),
  contestants: [
    { name: 'hand-written', kind: 'hand', help: 'a map of maps', make: nestedMaps },
    { name: 'Licet can', kind: 'licet', make: (d) => oneBlock(d, 'can') },
    { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => oneBlock(d, 'authorize') },
    {
      name: 'Licet can, interpreted',
      kind: 'licet',
      detail: true,
      apart: true,
      make: (d) => oneBlock(d, 'can', 'interpreted'),
    },
    { name: 'CASL', kind: 'peer', make: oneAbility },
    {
      name: 'cedar-wasm',
      kind: 'peer',
      apart: true,
      fullOnly: count > 10_000,
      help: 'the entities of each request',
      make: policyPerRule,
    },
    { name: 'casbin', kind: 'peer', fullOnly: count > 10_000, make: linePerRule },
    { name: 'oso', kind: 'peer', fullOnly: count > 10_000, help: 'objects made beforehand', make: ruleForRule },
  ],
}))
