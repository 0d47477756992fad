/**
 * What the page does: filters rows, goes from cell to cell by the arrow keys, and explains the one that is chosen. Everything that comes
 * from a policy is put into the page as text.
 */
export const pageScript = `
'use strict';
const { tables, rules } = JSON.parse(document.getElementById('matrix').textContent);
const cells = [...document.querySelectorAll('.cell')];
const columns = document.querySelector('.columns');
const panel = document.querySelector('aside');
const search = document.getElementById('search');
const outcomes = [...document.querySelectorAll('input[name=outcome]')];
const words = { allow: 'allowed', depends: 'depends', deny: 'denied' };
let chosen;

const of = (button) => {
  const [table, subject, use] = button.dataset.at.split(' ').map(Number);
  return { table: tables[table], subject: tables[table].subjects[subject], use: tables[table].uses[use], cell: tables[table].cells[subject][use] };
};
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
};

function show(button) {
  if (chosen) chosen.setAttribute('aria-pressed', 'false');
  chosen = button;
  columns.classList.toggle('open', Boolean(button));
  panel.hidden = !button;
  if (!button) return;
  button.setAttribute('aria-pressed', 'true');
  const { table, subject, use, cell } = of(button);
  const head = element('header');
  const close = element('button', '\\u00d7', 'close');
  close.type = 'button';
  close.setAttribute('aria-label', 'close');
  close.addEventListener('click', leave);
  head.append(element('h2', subject.label + ' \\u2192 ' + use.label + ' on ' + table.name), close);
  const parts = [head, element('span', words[cell.outcome], 'outcome ' + cell.outcome)];
  if (cell.asAnyone && subject.kind !== 'anyone') parts.push(element('h3', 'the same as for anyone'));
  const isWho = table.kind === 'entities';
  if (cell.condition) parts.push(element('h3', isWho ? 'who may' : 'depends on'), element('pre', cell.condition));
  else if (isWho) parts.push(element('h3', 'nobody may'));
  if (!isWho) parts.push(element('h3', cell.rules.length === 0 ? 'no rule allows it' : cell.rules.length === 1 ? 'by the rule' : 'by the rules'));
  for (const { id, doc, source, file, line } of cell.rules.map((at) => rules[at])) {
    const shown = element('div', undefined, 'rule');
    if (doc) shown.append(element('p', doc));
    if (source) shown.append(element('pre', source));
    shown.append(element('small', id + (line ? ' \\u00b7 ' + file + ':' + line : '')));
    parts.push(shown);
  }
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
}

function leave() {
  const from = chosen;
  show(undefined);
  if (from) from.focus();
}

function focusOn(button) {
  if (!button) return;
  for (const one of cells) one.tabIndex = one === button ? 0 : -1;
  button.focus();
}

const visible = (row) => !row.hidden && !row.closest('section').hidden;
function neighbour(button, key) {
  const box = button.parentElement;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const next = key === 'ArrowLeft' ? box.previousElementSibling : box.nextElementSibling;
    return next && next.querySelector('.cell');
  }
  const rows = [...document.querySelectorAll('tbody tr')].filter(visible);
  const row = rows[rows.indexOf(box.parentElement) + (key === 'ArrowUp' ? -1 : 1)];
  return row && (row.children[box.cellIndex] || row.lastElementChild).querySelector('.cell');
}

function filter() {
  const wanted = search.value.trim().toLowerCase().split(/\\s+/).filter(Boolean);
  const kept = new Set(outcomes.filter((one) => one.checked).map((one) => one.value));
  for (const section of document.querySelectorAll('main section')) {
    const name = section.dataset.name.toLowerCase();
    let some = false;
    for (const row of section.querySelectorAll('tbody tr')) {
      const buttons = [...row.querySelectorAll('.cell')];
      let here = false;
      for (const button of buttons) {
        const { subject, use, cell } = of(button);
        const text = [name, subject.label, use.label, cell.condition, ...cell.rules.map((at) => rules[at].id)].join(' ').toLowerCase();
        const fits = kept.has(cell.outcome) && wanted.every((word) => text.includes(word));
        button.classList.toggle('out', !fits);
        here = here || fits;
      }
      row.hidden = !here;
      some = some || here;
    }
    section.hidden = !some;
  }
  const count = cells.filter((button) => !button.classList.contains('out')).length;
  document.getElementById('count').textContent = count === cells.length ? '' : count + ' of ' + cells.length + ' cells';
}

for (const button of cells) button.tabIndex = -1;
if (cells[0]) cells[0].tabIndex = 0;
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
search.addEventListener('input', filter);
for (const one of outcomes) one.addEventListener('change', filter);
document.addEventListener('click', (event) => {
  const button = event.target.closest('.cell');
  if (!button) return;
  focusOn(button);
  show(button === chosen ? undefined : button);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && chosen) return leave();
  if (event.key === '/' && document.activeElement !== search) {
    event.preventDefault();
    return search.focus();
  }
  const button = event.target.closest('.cell');
  if (!button || !event.key.startsWith('Arrow')) return;
  const next = neighbour(button, event.key);
  if (!next) return;
  event.preventDefault();
  focusOn(next);
  if (chosen) show(next);
});
`
