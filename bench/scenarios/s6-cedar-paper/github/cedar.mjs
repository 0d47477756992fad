import { cedarCall, entity, reference, uid } from '../../../cedar.mjs'
import { reaches } from '../requests.mjs'
import { actions, orgPermissions, permissions } from './data.mjs'

const attribute = (permission) => `${permission}s`

export const policies = [
  ...actions.map((action, index) => permit(action, `resource.${attribute(permissions[index])}`)),
  ...orgPermissions.map((permission) =>
    permit(actions[permissions.indexOf(permission)], `resource.owner.${attribute(permission)}`),
  ),
].join('\n')

function permit(action, holders) {
  return `permit (principal, action in Action::"${action}", resource) when { principal in ${holders} };`
}

/** The user with all its teams and organizations, the repository with its owner, and the hierarchy of the actions. */
export function call({ orgs, repos, teams, users }, { user, action, resource }) {
  const held = users[Number(user.slice(5))]
  const teamEdges = teams.map((team) => team.teams)
  const allTeams = new Set(held.teams.flatMap((team) => [...reaches(teamEdges, team)]))
  const { owner } = repos[Number(resource.slice(5))]
  const onRepos = ({ repoGrants }) => repoGrants.map(({ on, permission }) => holders(`repo_${on}`, permission))
  const onOrgs = ({ orgGrants }) => orgGrants.map(({ on, permission }) => holders(`org_${on}`, permission))
  const principal = uid('User', user)
  const target = uid('Repository', resource)
  const slice = [
    entity(principal, [...held.teams.map(teamUid), ...held.orgs.map(orgUid), ...onRepos(held), ...onOrgs(held)]),
    ...[...allTeams].map((team) => entity(teamUid(team), [...teams[team].teams.map(teamUid), ...onRepos(teams[team])])),
    ...held.orgs.filter((org) => org !== owner).map((org) => entity(orgUid(org), onOrgs(orgs[org]))),
    entity(orgUid(owner), onOrgs(orgs[owner]), holdersOf(`org_${owner}`, orgPermissions)),
    entity(target, [], { owner: reference(orgUid(owner)), ...holdersOf(resource, permissions) }),
    ...actionHierarchy,
  ]
  return cedarCall(principal, action, target, slice)
}

const teamUid = (team) => uid('Team', `team_${team}`)
const orgUid = (org) => uid('Organization', `org_${org}`)
const holders = (on, permission) => uid('Permission', `${on}_${permission}`)
const holdersOf = (on, names) =>
  Object.fromEntries(names.map((permission) => [attribute(permission), reference(holders(on, permission))]))
const actionHierarchy = actions.map((action, index) =>
  entity(
    uid('Action', action),
    actions.slice(index + 1, index + 2).map((more) => uid('Action', more)),
  ),
)
