/** A report as a single HTML file that needs nothing else: the rows, their filter, their notes, what is highlighted. */
import { wordQuery } from '../../../contract/colour-rules.ts';
import { shownField, shownText } from '../../../contract/shown-text.ts';
import { textExpression } from '../../../contract/text-pattern.ts';
import type { TextParts } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { type ExportRow, isLoss } from '../output-row.ts';
import type { RowColouring } from '../row-colouring.ts';
import { decimal, RowValues } from '../row-values.ts';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, PAGE_STYLE } from './html-page.ts';

/** Rows in one part of the page's data. */
const PART_ROWS = 1000;

/** The most characters of a name that have a place beside the figures; longer ones are cut. */
const NAME_CHARACTERS = 24;

/** The characters that a name takes. One that is not known to be narrow may be as wide as two digits. */
const nameWidth = (name: string): number => Math.min(NAME_CHARACTERS, name.length * (/^[ -~]*$/.test(name) ? 1 : 2));

/**
 * The widths of columns in characters: each as wide as the longest value among the rows that were written, which is
 * known at the end. Figures have no bound, because a figure that is cut says something else than it is.
 */
type Widths = Record<'index' | 'time' | 'cpu' | 'level' | 'source' | 'process', number>;

function widen(widths: Widths, column: keyof Widths, length: number): void {
  if (length > widths[column]) widths[column] = length;
}

/** JSON in which `<` is escaped, so that it cannot end the element that holds it. */
const inert = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${PAGE_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;

/** The words that are highlighted, as expressions for the page's script. */
function wordsOf(colouring: RowColouring | null) {
  return (colouring?.rules ?? []).flatMap((rule) => {
    if (rule.of !== 'words') return [];
    const expression = textExpression(wordQuery(rule), true);
    if (!expression.ok) return [];
    const { source, flags } = expression.value;
    return [{ source, flags, colour: rule.colour }];
  });
}

export function htmlParts(facts: OutputFacts): TextParts {
  const values = new RowValues(facts);
  const { info, notes, filter, colouring } = facts;
  /** Names of the sources in the order in which their first rows came. */
  const sources: string[] = [];
  const numbers = new Map<number, number>();
  const widths: Widths = { index: 0, time: 0, cpu: 0, level: 0, source: 0, process: 0 };
  let inPart = 0;
  const sourceOf = (row: ExportRow): number => {
    let number = numbers.get(row.source);
    if (number === undefined) {
      const name = shownField(values.source(row));
      number = sources.push(name) - 1;
      numbers.set(row.source, number);
      widen(widths, 'source', nameWidth(name));
    }
    return number;
  };
  return {
    begin: () => {
      const title = info === null ? 'RingView log' : `RingView log of ${shownText(info.source)}`;
      return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n' +
        `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">\n` +
        '<meta name="viewport" content="width=device-width">\n' +
        `<title>${escapeHtml(title)}</title>\n<style>${PAGE_STYLE}</style></head>\n<body>\n` +
        `<header><h1>${escapeHtml(title)}</h1><div id="facts"></div><ul id="notes"></ul>\n` +
        '<div id="tools"><input id="query" type="search" placeholder="Filter messages" aria-label="Filter messages">' +
        '<label><input id="regex" type="checkbox"> regular expression</label>' +
        '<span id="levels"></span><span id="count" role="status"></span></div></header>\n' +
        '<div id="log" role="table" tabindex="0" aria-label="Log"><div id="space"></div><div id="rows"></div></div>\n' +
        '<div id="details"></div>\n<noscript>This report shows its rows by a script of its own.</noscript>\n'
      );
    },
    row: (row) => {
      const name = values.process(row);
      const process = name === null ? null : shownField(name);
      const pid = values.pid(row);
      const note = notes.get(row.row);
      const seconds = values.timeUs(row) === null ? null : decimal(row.timeNs, 9);
      const cpu = values.cpu(row);
      const level = values.level(row);
      widen(widths, 'index', String(row.index).length);
      if (seconds !== null) widen(widths, 'time', seconds.length);
      if (cpu !== null) widen(widths, 'cpu', String(cpu).length);
      if (level !== null) widen(widths, 'level', level.length);
      // As `name (pid)`.
      if (pid !== null) widen(widths, 'process', (process === null ? 0 : nameWidth(process) + 1) + `(${pid})`.length);
      const beside = isLoss(row) ? row.remarks : (colouring?.of(row.row) ?? null);
      const line = inert([
        row.index,
        seconds,
        values.time(row),
        cpu,
        level,
        sourceOf(row),
        pid,
        process,
        shownText(values.message(row)),
        // Of a record its colour, of a loss how many were lost.
        ...(note === undefined && beside === null ? [] : [beside]),
        ...(note === undefined ? [] : [shownText(note)]),
      ]);
      const before = inPart === 0 ? '<script type="application/json" class="rows">[\n' : ',\n';
      inPart = (inPart + 1) % PART_ROWS;
      return inPart === 0 ? `${before}${line}\n]</script>\n` : `${before}${line}`;
    },
    end: () => {
      const about = {
        start: info === null || !values.hasWallClock ? null : new Date(info.startUnixMs).toISOString(),
        filter,
        sources,
        widths,
        words: wordsOf(colouring),
        left: colouring?.left.map(shownText) ?? [],
      };
      return (
        `${inPart === 0 ? '' : '\n]</script>\n'}<script type="application/json" id="about">${inert(about)}</script>\n` +
        `<script>${PAGE_SCRIPT}</script>\n</body></html>\n`
      );
    },
  };
}
