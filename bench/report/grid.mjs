/**
 * A Markdown table with columns of equal width.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} body
 * @param {readonly number[]} textColumns stand to the left; the others are figures
 */
export function grid(head, body, textColumns) {
  const width = head.map((text, column) =>
    Math.max(3, ...[text, ...body.map((row) => row[column])].map((one) => one.length)),
  )
  const isText = (column) => textColumns.includes(column)
  const cell = (text, column) => (isText(column) ? text.padEnd(width[column]) : text.padStart(width[column]))
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`
  const rule = width.map((count, column) => (isText(column) ? '-'.repeat(count) : `${'-'.repeat(count - 1)}:`))
  return [line(head), line(rule), ...body.map(line)].join('\n')
}
