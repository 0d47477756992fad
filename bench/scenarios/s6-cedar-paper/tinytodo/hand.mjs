// The limit: for so few entities, what each user may do with each list, worked out beforehand.
import { numbers } from '../requests.mjs'
import { needs, openActions } from './data.mjs'

export function levelMatrix({ count, level, requests }) {
  const userIndex = new Map(numbers(count).map((user) => [`user_${user}`, user]))
  const listIndex = new Map(numbers(count).map((list) => [`list_${list}`, list]))
  const needed = new Map([...openActions.map((action) => [action, 0]), ...Object.entries(needs)])
  const levels = Uint8Array.from({ length: count * count }, (_, cell) => level(Math.floor(cell / count), cell % count))
  const decide = (request) => {
    const user = userIndex.get(request.user)
    const need = needed.get(request.action)
    if (user === undefined || need === undefined) return false
    if (need === 0) return request.resource === 'TinyTodo'
    const list = listIndex.get(request.resource)
    return list !== undefined && levels[user * count + list] >= need
  }
  return { inputs: requests, decide }
}
