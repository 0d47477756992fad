import { hasLoneSurrogate } from '../value/text.ts'

/** So many UTF-16 units are no more than the bytes that an id may have; longer ids are counted elsewhere. */
const shortId = 341

/**
 * Whether a text is the name of an entity, by its beginning; false: that takes a closer look. Letter by letter: a loop, or the method
 * of texts, takes twice as long.
 */
export function nameTest(prefix: string): (name: string) => boolean {
  const n = prefix.length
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, i) => prefix.charCodeAt(i))
  return (name) =>
    name.length > n &&
    name.length <= n + shortId &&
    name.charCodeAt(0) === a &&
    name.charCodeAt(1) === b &&
    (n < 3 || name.charCodeAt(2) === c) &&
    (n < 4 || name.charCodeAt(3) === d) &&
    (n < 5 || name.charCodeAt(4) === e) &&
    (n < 6 || name.charCodeAt(5) === f) &&
    (n < 7 || name.charCodeAt(6) === g) &&
    (n < 8 || name.charCodeAt(7) === h) &&
    (n < 9 || name.startsWith(prefix)) &&
    // Whatever is well-formed in the whole is so in its part.
    !hasLoneSurrogate(name)
}
