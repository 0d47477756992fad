/** Who or what a tuple is about: `user:ann`, `user:*`, `team:core#member`. */
export interface Subject {
  readonly type: string
  readonly id: string
  readonly relation?: string
}

/** Undefined where the text is none. */
export function subjectOf(text: string): Subject | undefined {
  const parts = /^([^:#\s]+):([^#\s]+)(?:#([^:#\s]+))?$/su.exec(text)
  const [, type = '', id = '', relation] = parts ?? []
  if (parts === null) return undefined
  return relation === undefined ? { type, id } : { type, id, relation }
}

/** As it is without a relation: an entity, and not everyone of a type. */
export function objectOf(text: string): Subject | undefined {
  const subject = subjectOf(text)
  return subject === undefined || subject.relation !== undefined || subject.id === '*' ? undefined : subject
}
