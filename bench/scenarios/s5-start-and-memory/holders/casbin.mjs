import { lines } from '../../s3-relationships/casbin.mjs'

export async function hold(graph) {
  const { decide } = await lines(graph)
  return decide
}
