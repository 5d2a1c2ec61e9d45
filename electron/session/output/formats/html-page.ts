/**
 * The page of the HTML report: its style and its script, everything in one file. The rows are stored as JSON, in parts,
 * and only those in sight become elements of the page, so that a report of a million rows opens and scrolls. Log text
 * is inserted as text only, never as markup, and the page's content security policy allows nothing but this script.
 */
import { SEARCH_SCRIPT } from './html-search.ts';

export const PAGE_STYLE = `
:root{color-scheme:light dark;--line:#8884;--dim:#888;--error:#c4314b;--warning:#9a6700;--lost:#8250df;--mark:#ffd33d66}
@media(prefers-color-scheme:dark){:root{--error:#ff7b72;--warning:#d29922;--lost:#d2a8ff}}
body{margin:0;height:100vh;display:flex;flex-direction:column;font:13px/1.4 "Segoe UI",system-ui,sans-serif}
header{padding:10px 14px;border-bottom:1px solid var(--line)}
h1{font-size:16px;margin:0 0 4px}
#facts{color:var(--dim)}
#tools{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;margin-top:8px}
#tools input[type=search]{min-width:260px;font:inherit;padding:3px 6px}
#notes{margin:6px 0 0;padding:0;list-style:none;max-height:120px;overflow:auto}
#notes button{font:inherit;border:0;background:none;color:inherit;text-decoration:underline;cursor:pointer;padding:0}
#log{flex:1;overflow:auto;position:relative;font:12px/20px Consolas,"DejaVu Sans Mono",monospace}
#rows{position:absolute;left:0;right:0}
.row{display:flex;height:20px;white-space:pre;cursor:default}
.row:hover,.row[aria-selected=true]{background:#8882}
.row>span{flex:none;padding:0 6px;overflow:hidden;text-overflow:ellipsis}
.row>.m{flex:1}
.row>.p{display:flex}
.p>:first-child{overflow:hidden;text-overflow:ellipsis}
.p>:last-child{flex:none}
.n{text-align:right}
.error{color:var(--error)}.warning{color:var(--warning)}.trace{color:var(--dim)}.lost{color:var(--lost);font-weight:600}
.noted{box-shadow:inset 3px 0 var(--warning)}
.row .note{max-width:40%;color:var(--warning)}
mark{background:var(--mark);color:inherit}
.row.paint-teal{background:light-dark(#bdeeea,#0d504d)}.word-teal{background:#5fd3cb}
.row.paint-blue{background:light-dark(#cfe2ff,#1f4478)}.word-blue{background:#8ab8ff}
.row.paint-purple{background:light-dark(#e4d6fb,#4b327a)}.word-purple{background:#c6a5f7}
.row.paint-pink{background:light-dark(#ffd3ea,#6a2450)}.word-pink{background:#ff9acb}
.row.paint-green{background:light-dark(#cdf0cf,#1f5127)}.word-green{background:#7fd88a}
.row.paint-yellow{background:light-dark(#fff0a6,#574a07)}.word-yellow{background:#f5d90a}
.row.paint-orange{background:light-dark(#ffdcb8,#68390c)}.word-orange{background:#ffb04d}
.row.paint-red{background:light-dark(#ffd3d0,#6b2320)}.word-red{background:#ff9a93}
.row[class*=paint-]>span{color:light-dark(#1b1b1b,#fff)}
.row[class*=paint-]:hover,.row[class*=paint-][aria-selected=true]{outline:1px solid var(--dim);outline-offset:-1px}
[class^=word-]{color:#000}
#details{border-top:1px solid var(--line);padding:8px 14px;max-height:30vh;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 Consolas,"DejaVu Sans Mono",monospace}
#details:empty{display:none}
`;

export const PAGE_SCRIPT = `'use strict';
${SEARCH_SCRIPT}const HEIGHT = 20, MOST = 30000000;
const byId = (id) => document.getElementById(id);
const about = JSON.parse(byId('about').textContent);
const rows = [];
for (const part of document.querySelectorAll('script.rows')) {
  for (const row of JSON.parse(part.textContent)) rows.push(row);
  part.remove();
}
const LEVELS = ['error', 'warning', 'info', 'trace', 'other', 'lost'];
const levelOf = (row) => (row[4] === null ? 'info' : LEVELS.includes(row[4]) ? row[4] : 'other');
const marked = rows.filter((row) => row.length > 10);
let shown = rows, selected = null;

function fact(text) {
  const span = document.createElement('span');
  span.textContent = text;
  byId('facts').append(byId('facts').childNodes.length ? ' · ' : '', span);
}
const number = (value) => value.toLocaleString('en');
const plural = (value, one, many) => number(value) + ' ' + (value === 1 ? one : many);
/* Rows that say what is missing are no records and are counted apart. */
const lossesIn = (some) => some.reduce((sum, row) => sum + (row[4] === 'lost' ? 1 : 0), 0);
const records = rows.length - lossesIn(rows);
let lost = 0;
for (const row of rows) if (row[4] === 'lost') lost += row[9];
if (about.start) fact('began ' + about.start);
fact(plural(records, 'record', 'records'));
fact(lost === 0 ? 'no losses' : plural(lost, 'record', 'records') + ' lost');
if (marked.length > 0) fact(marked.length.toLocaleString('en') + (marked.length === 1 ? ' bookmark' : ' bookmarks'));
if (about.filter) fact('filter: ' + about.filter);
if (about.left.length > 0) fact('rows are not coloured here by ' + about.left.join(', '));
const words = about.words.map(({ source, flags, colour }) => ({ pattern: new RegExp(source, flags), colour }));

const query = byId('query'), regex = byId('regex'), count = byId('count');
const boxes = new Map();
const present = new Set(rows.map(levelOf));
for (const level of LEVELS) {
  if (!present.has(level)) continue;
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = true;
  box.dataset.level = level;
  box.onchange = filter;
  label.append(box, ' ' + level);
  byId('levels').append(label);
  boxes.set(level, box);
}
function expression() {
  const text = query.value;
  query.setCustomValidity('');
  if (text === '') return null;
  try {
    return expressionOf(text, regex.checked);
  } catch (error) {
    query.setCustomValidity(String(error.message));
    query.reportValidity();
    return null;
  }
}
let pattern = null;
function filter() {
  pattern = expression();
  const wanted = (row) => {
    const level = levelOf(row);
    if (!boxes.get(level).checked) return false;
    if (pattern === null || level === 'lost') return true;
    pattern.lastIndex = 0;
    return pattern.test(row[8]);
  };
  shown = rows.filter(wanted);
  const losses = lossesIn(shown);
  count.textContent = number(shown.length - losses) + ' of ' + plural(records, 'record', 'records') + ' shown' +
    (losses === 0 ? '' : ' and ' + plural(losses, 'loss', 'losses'));
  draw();
}
query.oninput = filter;
regex.onchange = filter;

function cell(parent, text, kind, characters) {
  const span = document.createElement('span');
  span.className = kind;
  if (characters !== undefined) span.style.width = characters + 'ch';
  span.textContent = text;
  parent.append(span);
  return span;
}
/* A name that is too long is cut, the number behind it never. */
function process(span, name, pid) {
  cell(span, name === null ? '' : name + ' ', 'name');
  cell(span, pid === null ? '' : '(' + pid + ')', 'pid');
}
/* The first of several words that are highlighted wins. */
function coloured(span, text, from) {
  const word = words[from];
  if (word === undefined) { span.append(text); return; }
  for (const piece of piecesOf(text, word.pattern)) {
    if (!piece.match) { coloured(span, piece.text, from + 1); continue; }
    const mark = document.createElement('span');
    mark.className = 'word-' + word.colour;
    mark.textContent = piece.text;
    span.append(mark);
  }
}
function message(span, text) {
  if (pattern === null && words.length === 0) return;
  span.textContent = '';
  if (pattern === null) { coloured(span, text, 0); return; }
  for (const piece of piecesOf(text, pattern)) {
    if (!piece.match) { coloured(span, piece.text, 0); continue; }
    const mark = document.createElement('mark');
    mark.textContent = piece.text;
    span.append(mark);
  }
}
function element(row) {
  const line = document.createElement('div');
  line.className = 'row ' + levelOf(row) + (row.length > 10 ? ' noted' : '') + (typeof row[9] === 'string' ? ' paint-' + row[9] : '');
  line.setAttribute('role', 'row');
  if (row === selected) line.setAttribute('aria-selected', 'true');
  line.title = row[2] === null ? '' : row[2];
  cell(line, row[0], 'n', about.widths.index);
  cell(line, row[1] === null ? '' : row[1], 'n', about.widths.time);
  if (about.widths.cpu > 0) cell(line, row[3] === null ? '' : row[3], 'n', about.widths.cpu);
  cell(line, row[4] === null ? '' : row[4], 'l', about.widths.level);
  if (about.sources.length > 1) cell(line, about.sources[row[5]], 's', about.widths.source);
  if (about.widths.process > 0) process(cell(line, '', 'p', about.widths.process), row[7], row[6]);
  message(cell(line, row[8], 'm'), row[8]);
  if (row.length > 10) cell(line, '\u2691 ' + row[10], 'note').title = row[10] || 'bookmark';
  line.onclick = () => select(row);
  return line;
}
const log = byId('log'), list = byId('rows'), space = byId('space');
function height() { return Math.min(shown.length * HEIGHT, MOST); }
function visible() { return Math.ceil(log.clientHeight / HEIGHT) + 1; }
function firstShown() {
  const way = height() - log.clientHeight;
  return way <= 0 ? 0 : Math.min(1, log.scrollTop / way) * Math.max(0, shown.length - log.clientHeight / HEIGHT);
}
function draw() {
  space.style.height = height() + 'px';
  const first = firstShown();
  const from = Math.floor(first);
  list.replaceChildren(...shown.slice(from, from + visible()).map(element));
  list.style.top = log.scrollTop - (first - from) * HEIGHT + 'px';
}
function select(row) {
  selected = row;
  const lines = ['index ' + row[0], row[1] === null ? '' : row[1] + ' s', row[2], row[3] === null ? '' : 'CPU ' + row[3], row[4], about.sources[row[5]]];
  if (row[6] !== null) lines.push('process ' + (row[7] === null ? '' : row[7] + ' ') + row[6]);
  byId('details').textContent = lines.filter(Boolean).join('   ') + '\\n' + (row[10] ? 'Note: ' + row[10] + '\\n' : '') + row[8].replace(/\\u240d\\u240a|[\\u240a\\u240d]/g, '$&\\n');
  draw();
}
function goTo(row) {
  let at = shown.indexOf(row);
  if (at < 0) { query.value = ''; for (const box of boxes.values()) box.checked = true; filter(); at = shown.indexOf(row); }
  const way = height() - log.clientHeight;
  const last = shown.length - log.clientHeight / HEIGHT;
  log.scrollTop = last <= 0 ? 0 : Math.min(1, Math.max(0, at - 3) / last) * way;
  select(shown[at]);
}
for (const row of marked) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.textContent = '\u2691 #' + row[0];
  button.onclick = () => goTo(row);
  item.append(button, ' ' + (row[10] || row[8].slice(0, 120)));
  byId('notes').append(item);
}
log.onscroll = () => requestAnimationFrame(draw);
window.onresize = draw;
filter();
`;

/** The SHA-256 of the script, in base64, by which the page's policy allows it; a test checks that it is right. */
export const PAGE_SCRIPT_HASH = 'x/hUYarQSDqNuOegx8YVIfq5RIGjZQjcBPAVqhAtuuI=';
