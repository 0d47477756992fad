import { slices } from './cedar.mjs'
import * as gdriveCedar from './gdrive/cedar.mjs'
import * as gdriveData from './gdrive/data.mjs'
import { bitMatrices } from './gdrive/hand.mjs'
import * as gdriveLicet from './gdrive/licet.mjs'
import * as githubCedar from './github/cedar.mjs'
import * as githubData from './github/data.mjs'
import { levelMatrix as permissionMatrix } from './github/hand.mjs'
import * as githubLicet from './github/licet.mjs'
import { application } from './licet.mjs'
import { entityCounts, quickCounts } from './requests.mjs'
import * as tinytodoCedar from './tinytodo/cedar.mjs'
import * as tinytodoData from './tinytodo/data.mjs'
import { levelMatrix as shareMatrix } from './tinytodo/hand.mjs'
import * as tinytodoLicet from './tinytodo/licet.mjs'

const applications = [
  {
    name: 'gdrive',
    data: gdriveData.data,
    hand: bitMatrices,
    licet: application(gdriveLicet),
    cedar: slices(gdriveCedar),
  },
  {
    name: 'github',
    data: githubData.data,
    hand: permissionMatrix,
    licet: application(githubLicet),
    cedar: slices(githubCedar),
  },
  {
    name: 'tinytodo',
    data: tinytodoData.data,
    hand: shareMatrix,
    licet: application(tinytodoLicet),
    cedar: slices(tinytodoCedar),
  },
]

export const cedarPaper = applications.flatMap(({ name, data, hand, licet, cedar }) =>
  entityCounts.map((count) => ({
    id: `s6-${name}-${count}`,
    scenario: 'S6',
    title: `${name}, ${count} entities of each type`,
    fullOnly: !quickCounts.includes(count),
    detail: count < Math.max(...entityCounts),
    data: () => data(count),
    contestants: [
      { name: 'hand-written', kind: 'hand', help: 'relations worked out beforehand', make: hand },
      { name: 'Licet can', kind: 'licet', make: (d) => licet(d, 'can') },
      { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => licet(d, 'authorize') },
      {
        name: 'Licet can, interpreted',
        kind: 'licet',
        detail: true,
        apart: true,
        make: (d) => licet(d, 'can', 'interpreted'),
      },
      { name: 'cedar-wasm', kind: 'peer', apart: true, help: 'the entities of each request', make: cedar },
    ],
  })),
)
