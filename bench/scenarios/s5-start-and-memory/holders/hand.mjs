import { flatArrays } from '../../s3-relationships/hand.mjs'

export const hold = (graph) => flatArrays(graph).decide
