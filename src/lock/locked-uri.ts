import type { UriTemplate } from '../ir/uri-template.ts'
import { matchUri, parseUriTemplate } from '../ir/uri-template.ts'
import type { Lock } from './format.ts'

/**
 * The locked templates that a URI matches, by their text: the URI is locked when there is one, or when it is that of a
 * locked resource. Templates outside the forms that can be matched back lock nothing.
 */
export function templateMatcher(lock: Lock): (uri: string) => readonly string[] {
  const templates = lock.resourceTemplates
    .map(({ uriTemplate }) => parseUriTemplate(uriTemplate).template)
    .filter((template): template is UriTemplate => template !== undefined)
  return (uri) => templates.filter((template) => matchUri(template, uri) !== undefined).map(({ text }) => text)
}
