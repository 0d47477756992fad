import { cedarCall, entity, reference, uid } from '../../../cedar.mjs'
import { reaches } from '../requests.mjs'

export const policies = `
permit (principal, action in [Action::"CreateList", Action::"GetLists"], resource == Application::"TinyTodo");
permit (principal, action, resource is List) when { resource.owner == principal };
permit (principal, action == Action::"GetList", resource is List)
  when { principal in resource.readers || principal in resource.editors };
permit (
  principal,
  action in [Action::"UpdateList", Action::"CreateTask", Action::"UpdateTask", Action::"DeleteTask"],
  resource is List
) when { principal in resource.editors };
`

/** The user with all its teams, and the list. */
export function call({ users, teams, lists }, { user, action, type, resource }) {
  const joined = users[Number(user.slice(5))].teams
  const teamEdges = teams.map((team) => team.teams)
  const allTeams = new Set(joined.flatMap((team) => [...reaches(teamEdges, team)]))
  const principal = uid('User', user)
  const target = uid(type, resource)
  const slice = [
    entity(principal, joined.map(teamUid)),
    ...[...allTeams].map((team) => entity(teamUid(team), teams[team].teams.map(teamUid))),
    entity(target, [], type === 'List' ? listAttributes(lists[Number(resource.slice(5))]) : {}),
  ]
  return cedarCall(principal, action, target, slice)
}

const teamUid = (team) => uid('Team', `team_${team}`)
const listAttributes = ({ owner, readers, editors }) => ({
  owner: reference(uid('User', `user_${owner}`)),
  readers: reference(teamUid(readers)),
  editors: reference(teamUid(editors)),
})
