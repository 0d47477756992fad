import { isA } from '../is-a.ts'
import * as t from '../tokens.ts'
import { type Explain, shown, typeAt } from './mistake.ts'

/** `given admin: User:ann`, of a role that is no entity's. */
export const globalRole: Explain = ({ tokens, at, word }) => {
  const [name, subject] = [tokens[word + 1], tokens[word + 3]]
  if (!isA(tokens[word], t.Given) || at !== word + 2 || name === undefined || subject === undefined) return
  if (tokens[at]?.tokenType !== t.Colon || !isA(name, t.Name) || !isA(subject, t.Entity)) return
  return {
    from: word + 1,
    message: `${shown(name)} is no entity`,
    help: `a role at file level is given by \`given role ${name.image}: ${subject.image}\``,
  }
}

/** `given Doc:1 owner: User:ann`, `given Doc:1.owner = User:ann`. */
export const fieldOutsideBraces: Explain = (mistake) => {
  const { tokens, at, word } = mistake
  const entity = tokens[word + 1]
  if (!isA(tokens[word], t.Given) || at !== word + 2 || entity === undefined || !isA(entity, t.Entity)) return
  const isDotted = typeAt(mistake, at) === t.Dot
  const name = tokens[isDotted ? at + 1 : at]
  const mark = typeAt(mistake, isDotted ? at + 2 : at + 1)
  if (name === undefined || !isA(name, t.Word) || (mark !== t.Colon && mark !== t.Assign)) return
  return {
    from: at,
    message: 'what is given of an entity stands in braces',
    help: `write \`given ${entity.image} { ${name.image}: … }\``,
  }
}
