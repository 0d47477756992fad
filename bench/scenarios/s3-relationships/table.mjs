import { lines } from './casbin.mjs'
import { flattened } from './casl.mjs'
import { slices } from './cedar.mjs'
import { data } from './data.mjs'
import { flatArrays } from './hand.mjs'
import { storedGraph } from './licet.mjs'
import { prebuilt } from './oso.mjs'
import { objectsAndSets } from './plain.mjs'

export const relationships = {
  id: 's3',
  scenario: 'S3',
  title: 'relationships: 100,000 documents, folders and groups',
  data,
  contestants: [
    { name: 'hand-written', kind: 'hand', help: 'groups resolved, flat arrays', make: flatArrays },
    { name: 'Licet can', kind: 'licet', make: (d) => storedGraph(d, 'can') },
    { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => storedGraph(d, 'authorize') },
    {
      name: 'Licet can, interpreted',
      kind: 'licet',
      detail: true,
      apart: true,
      make: (d) => storedGraph(d, 'can', 'interpreted'),
    },
    { name: 'plain objects and sets', kind: 'plain', help: 'groups resolved', make: objectsAndSets },
    { name: 'CASL', kind: 'peer', help: 'the whole graph flattened', make: flattened },
    {
      name: 'cedar-wasm',
      kind: 'peer',
      apart: true,
      help: 'groups resolved; the entities of each request',
      make: slices,
    },
    { name: 'oso', kind: 'peer', help: 'groups resolved; objects made beforehand', make: prebuilt },
    { name: 'casbin', kind: 'peer', fullOnly: true, limit: 8, make: lines },
  ],
}
