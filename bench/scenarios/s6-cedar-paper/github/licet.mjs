export const policy = `
actor User in Team | Organization
resource Team in Team

resource Organization {
  role administrator: User | Organization
  role writer: User | Organization
  role reader: User | Organization
}

resource Repository {
  owner: Organization
  role administrator: User | Team if owner.administrator
  role maintainer: User | Team if administrator
  role writer: User | Team if maintainer or owner.writer
  role triager: User | Team if writer
  role reader: User | Team if triager or owner.reader

  allow read if reader
  allow triage if triager
  allow write if writer
  allow maintain if maintainer
  allow admin if administrator
}
`

const team = (index) => `Team:team_${index}`
const org = (index) => `Organization:org_${index}`

export function* facts({ orgs, repos, teams, users }) {
  const onRepos = (subject, grants) =>
    grants.map(({ on, permission }) => ({ object: `Repository:repo_${on}`, relation: permission, subject }))
  const onOrgs = (subject, grants) =>
    grants.map(({ on, permission }) => ({ object: org(on), relation: permission, subject }))

  for (const o of orgs.keys()) yield { type: 'Organization', id: `org_${o}` }
  for (const [o, { orgGrants }] of orgs.entries()) yield* onOrgs(org(o), orgGrants)
  for (const [r, { owner }] of repos.entries()) yield { type: 'Repository', id: `repo_${r}`, owner: org(owner) }
  for (const [t, { teams: parents, repoGrants }] of teams.entries()) {
    yield { type: 'Team', id: `team_${t}`, in: parents.map(team) }
    yield* onRepos(team(t), repoGrants)
  }
  for (const [u, { teams: joined, orgs: employers, repoGrants, orgGrants }] of users.entries()) {
    yield { type: 'User', id: `user_${u}`, in: [...joined.map(team), ...employers.map(org)] }
    yield* onRepos(`User:user_${u}`, repoGrants)
    yield* onOrgs(`User:user_${u}`, orgGrants)
  }
}
