import { objectsAndSets } from '../../s3-relationships/plain.mjs'

export const hold = (graph) => objectsAndSets(graph).decide
