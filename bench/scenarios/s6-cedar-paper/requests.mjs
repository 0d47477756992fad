// The three applications of the benchmark in "Cedar: A New Language for Expressive, Fast, Safe, and Analyzable Authorization"
// (OOPSLA 2024): as many entities of each type, an edge between two with a probability of 0.05, 500 requests.
export const edgeProbability = 0.05
export const entityCounts = [5, 10, 20, 50]
/** Those of a quick run. */
export const quickCounts = [5, 50]
const requestCount = 500

/**
 * Random requests that fit the schema, every other one allowed. With few entities they repeat.
 *
 * @template Request
 * @param {() => Request} draw
 * @param {(request: Request) => boolean} allows
 * @throws where the entities are so few that all requests are allowed, or none: then another seed is needed
 */
export function requestsFor(draw, allows) {
  const requests = []
  const expected = []
  for (let tries = 0; requests.length < requestCount; tries++) {
    if (tries > 1_000_000) throw new Error('these entities give no requests of both kinds')
    const request = draw()
    const allowed = allows(request)
    if (allowed !== (requests.length % 2 === 0)) continue
    requests.push(request)
    expected.push(allowed)
  }
  return { requests, expected }
}

/** Everything that a node reaches in a graph of numbers, itself included. */
export function reaches(edges, from, found = new Set()) {
  if (found.has(from)) return found
  found.add(from)
  for (const to of edges[from]) reaches(edges, to, found)
  return found
}

export const numbers = (count) => Array.from({ length: count }, (_, index) => index)
