import { decideBy } from '../../s4-many-rules/hand.mjs'

export const text = ({ rules }) => JSON.stringify(rules)
export const library = async () => undefined
export const load = (source) => decideBy(JSON.parse(source))
