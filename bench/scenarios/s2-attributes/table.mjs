import { oneMatcher } from './casbin.mjs'
import { abilityPerUser } from './casl.mjs'
import { tenPolicies } from './cedar.mjs'
import { celJs, marcbachmannCel } from './cel.mjs'
import { data } from './data.mjs'
import { oneFunction } from './hand.mjs'
import { attributes } from './licet.mjs'
import { polarRules } from './oso.mjs'

export const attributesTable = {
  id: 's2',
  scenario: 'S2',
  title: 'attributes: 7 permits, 3 forbids',
  data,
  contestants: [
    { name: 'hand-written', kind: 'hand', make: oneFunction },
    { name: 'Licet can', kind: 'licet', make: (d) => attributes(d, 'can', 'auto', 'stored') },
    {
      name: 'Licet can, user inline',
      kind: 'licet',
      detail: true,
      make: (d) => attributes(d, 'can', 'auto', 'inline'),
    },
    { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => attributes(d, 'authorize', 'auto', 'stored') },
    {
      name: 'Licet can, interpreted',
      kind: 'licet',
      detail: true,
      apart: true,
      make: (d) => attributes(d, 'can', 'interpreted', 'stored'),
    },
    { name: '@marcbachmann/cel-js', kind: 'peer', help: 'parsed beforehand', make: marcbachmannCel },
    { name: 'cel-js', kind: 'peer', help: 'parsed beforehand', make: celJs },
    { name: 'CASL', kind: 'peer', help: 'an ability per user', make: abilityPerUser },
    { name: 'casbin', kind: 'peer', help: 'functions for text and sets', make: oneMatcher },
    { name: 'cedar-wasm', kind: 'peer', apart: true, help: 'the entities of each request', make: tenPolicies },
    { name: 'oso', kind: 'peer', help: 'objects made beforehand', make: polarRules },
  ],
}
