// Lists of tasks: each has an owner, a team that reads and a team that edits; teams stand in teams.
import { random } from '../../../random.mjs'
import { edgeProbability, numbers, reaches, requestsFor } from '../requests.mjs'

/** What each action on a list needs: 1 to read it, 2 to edit it, 3 to own it. */
export const needs = {
  GetList: 1,
  UpdateList: 2,
  CreateTask: 2,
  UpdateTask: 2,
  DeleteTask: 2,
  DeleteList: 3,
  EditShares: 3,
}
export const openActions = ['CreateList', 'GetLists']

export function data(count) {
  const { below, pick, chance } = random(62 + count)
  const all = numbers(count)
  const some = (among) => among.filter(() => chance(edgeProbability))
  const users = all.map(() => ({ teams: some(all) }))
  // A team stands only in teams before it, so that there is no cycle.
  const teams = all.map((team) => ({ teams: some(numbers(team)) }))
  const lists = all.map(() => ({ owner: below(count), readers: below(count), editors: below(count) }))

  const teamEdges = teams.map((team) => team.teams)
  const level = (user, list) => {
    const { owner, readers, editors } = lists[list]
    const joined = new Set(users[user].teams.flatMap((team) => [...reaches(teamEdges, team)]))
    if (owner === user) return 3
    if (joined.has(editors)) return 2
    return joined.has(readers) ? 1 : 0
  }
  const allows = ({ user, action, resource }) =>
    openActions.includes(action) || level(Number(user.slice(5)), Number(resource.slice(5))) >= needs[action]
  const draw = () => {
    const user = `user_${below(count)}`
    const action = pick([...openActions, ...Object.keys(needs)])
    return openActions.includes(action)
      ? { user, action, type: 'Application', resource: 'TinyTodo' }
      : { user, action, type: 'List', resource: `list_${below(count)}` }
  }
  return { count, users, teams, lists, level, ...requestsFor(draw, allows) }
}
