// The limit: for so few entities, the highest permission of each user on each repository, worked out beforehand.
import { numbers } from '../requests.mjs'
import { actions } from './data.mjs'

export function levelMatrix({ count, level, requests }) {
  const userIndex = new Map(numbers(count).map((user) => [`user_${user}`, user]))
  const repoIndex = new Map(numbers(count).map((repo) => [`repo_${repo}`, repo]))
  const needed = new Map(actions.map((action, index) => [action, index + 1]))
  const levels = Uint8Array.from({ length: count * count }, (_, cell) => level(Math.floor(cell / count), cell % count))
  const decide = (request) => {
    const user = userIndex.get(request.user)
    const repo = repoIndex.get(request.resource)
    const need = needed.get(request.action)
    if (user === undefined || repo === undefined || need === undefined) return false
    return levels[user * count + repo] >= need
  }
  return { inputs: requests, decide }
}
