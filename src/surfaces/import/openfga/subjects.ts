/** Who or what a tuple is about: `user:ann`, `user:*`, `team:core#member`. */
export interface Subject {
  readonly type: string
  readonly id: string
  readonly relation?: string
}

/** Undefined where the text is none. White space is that of ASCII, as in OpenFGA: any other may be a part of an id. */
export function subjectOf(text: string): Subject | undefined {
  const parts = /^([^:# \t\n\f\r]+):([^# \t\n\f\r]+)(?:#([^:# \t\n\f\r]+))?$/su.exec(text)
  const [, type = '', id = '', relation] = parts ?? []
  if (parts === null) return undefined
  return relation === undefined ? { type, id } : { type, id, relation }
}

/** As it is without a relation: an entity, and not everyone of a type. */
export function objectOf(text: string): Subject | undefined {
  const subject = subjectOf(text)
  return subject === undefined || subject.relation !== undefined || subject.id === '*' ? undefined : subject
}

/** Why an id cannot be one in Licet. */
export function idProblem(id: string): string | undefined {
  if (/\p{Surrogate}/u.test(id)) return 'an id is well-formed Unicode'
  return new TextEncoder().encode(id).length > 1024 ? 'an id has at most 1 KiB' : undefined
}
