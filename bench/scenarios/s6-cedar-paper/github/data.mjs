// Repositories owned by organizations; users, and teams in teams, hold one of five permissions on them. Organizations give three
// permissions on all they own, to users and to the members of organizations.
import { random } from '../../../random.mjs'
import { edgeProbability, numbers, reaches, requestsFor } from '../requests.mjs'

/** From the least to the most; each action needs at least its own. */
export const permissions = ['reader', 'triager', 'writer', 'maintainer', 'administrator']
export const actions = ['read', 'triage', 'write', 'maintain', 'admin']
export const orgPermissions = ['reader', 'writer', 'administrator']

export function data(count) {
  const { below, pick, chance } = random(61 + count)
  const all = numbers(count)
  const some = (among) => among.filter(() => chance(edgeProbability))
  const grants = (among) => some(all).map((on) => ({ on, permission: pick(among) }))

  const orgs = all.map(() => ({ orgGrants: grants(orgPermissions) }))
  const repos = all.map(() => ({ owner: below(count) }))
  // A team stands only in teams before it, so that there is no cycle.
  const teams = all.map((team) => ({ teams: some(numbers(team)), repoGrants: grants(permissions) }))
  const users = all.map(() => ({
    repoGrants: grants(permissions),
    teams: some(all),
    orgs: some(all),
    orgGrants: grants(orgPermissions),
  }))

  const teamEdges = teams.map((team) => team.teams)
  /** How many of the five permissions a user has on a repository. */
  const level = (user, repo) => {
    const held = users[user]
    const allTeams = new Set(held.teams.flatMap((team) => [...reaches(teamEdges, team)]))
    const onRepo = [held, ...[...allTeams].map((team) => teams[team])].flatMap(({ repoGrants }) => repoGrants)
    const onOwner = [held, ...held.orgs.map((org) => orgs[org])].flatMap(({ orgGrants }) => orgGrants)
    const { owner } = repos[repo]
    const relevant = [...onRepo.filter(({ on }) => on === repo), ...onOwner.filter(({ on }) => on === owner)]
    return Math.max(0, ...relevant.map(({ permission }) => permissions.indexOf(permission) + 1))
  }
  const allows = ({ user, action, resource }) =>
    level(Number(user.slice(5)), Number(resource.slice(5))) > actions.indexOf(action)
  const draw = () => ({
    user: `user_${below(count)}`,
    action: pick(actions),
    type: 'Repository',
    resource: `repo_${below(count)}`,
  })
  return { count, orgs, repos, teams, users, level, ...requestsFor(draw, allows) }
}
