export const policy = `
actor User in Team
resource Team in Team

resource Application {
  allow CreateList, GetLists if actor is User
}

resource List {
  role owner: User
  role editor: Team if owner
  role reader: Team if editor

  allow GetList if reader
  allow UpdateList, CreateTask, UpdateTask, DeleteTask if editor
  allow DeleteList, EditShares if owner
}
`

const team = (index) => `Team:team_${index}`

export function* facts({ users, teams, lists }) {
  yield { type: 'Application', id: 'TinyTodo' }
  for (const [t, { teams: parents }] of teams.entries()) yield { type: 'Team', id: `team_${t}`, in: parents.map(team) }
  for (const [u, { teams: joined }] of users.entries()) yield { type: 'User', id: `user_${u}`, in: joined.map(team) }
  for (const [l, { owner, readers, editors }] of lists.entries()) {
    const object = `List:list_${l}`
    yield { type: 'List', id: `list_${l}` }
    yield { object, relation: 'owner', subject: `User:user_${owner}` }
    yield { object, relation: 'reader', subject: team(readers) }
    yield { object, relation: 'editor', subject: team(editors) }
  }
}
